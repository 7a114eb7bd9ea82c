/** A journal in Redis as the commands that write it: unlike an RDB file or DUMP's payloads, every version of every server takes them. */
import type { Redis } from 'ioredis';

/** One command a line, as JSON; its arguments in base64, since values are bytes. */
export async function dump(client: Redis): Promise<string> {
  const commands: (string | Buffer)[][] = [];
  for (const key of (await client.keys('*')).sort()) {
    switch (await client.type(key)) {
      case 'hash':
        commands.push(['HSET', key, ...Object.entries(await client.hgetallBuffer(key)).flat()]);
        break;
      case 'zset':
        for (let pairs = await client.zrangeBuffer(key, '0', '-1', 'WITHSCORES'); pairs.length > 0; pairs = pairs.slice(2))
          commands.push(['ZADD', key, pairs[1] as Buffer, pairs[0] as Buffer]);
        break;
      case 'stream':
        for (const [id, fields] of await client.xrangeBuffer(key, '-', '+')) commands.push(['XADD', key, id, ...fields]);
        break;
      default:
        throw new Error(`no journal has a key such as ${key}`);
    }
  }
  return commands.map((command) => `${JSON.stringify(command.map((part) => Buffer.from(part).toString('base64')))}\n`).join('');
}

export async function restore(client: Redis, text: string): Promise<void> {
  for (const line of text.trimEnd().split('\n')) {
    const [name = '', ...rest] = (JSON.parse(line) as string[]).map((part) => Buffer.from(part, 'base64'));
    await client.call(`${name}`, rest);
  }
}
