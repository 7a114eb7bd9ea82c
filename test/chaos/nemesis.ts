/** Kills, pauses and restarts, one after the other, in an order that the seed decides. It leaves everything running. */
import type { RedisServer } from '../journal/redis-server.ts';
import type { GatewayProcess } from './gateway-process.ts';
import type { Random } from './random.ts';

export interface Deeds {
  kills: number;
  pauses: number;
  handovers: number;
  redisRestarts: number;
}

export interface NemesisOptions {
  readonly gateways: readonly GatewayProcess[];
  readonly redis: RedisServer;
  readonly random: Random;
  readonly leaseMs: number;
}

const restMsMax = 1_500;
const deeds = ['kills', 'kills', 'pauses', 'handovers', 'redisRestarts'] as const satisfies readonly (keyof Deeds)[];

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export class Nemesis {
  readonly done: Deeds = { kills: 0, pauses: 0, handovers: 0, redisRestarts: 0 };
  readonly #options: NemesisOptions;

  constructor(options: NemesisOptions) {
    this.#options = options;
  }

  /** Each round does every deed. */
  async run(rounds: number): Promise<void> {
    const { random } = this.#options;
    for (let round = 0; round < rounds; round++)
      for (const deed of random.shuffle([...deeds])) {
        await wait(random.below(restMsMax));
        await this.#do(deed);
        this.done[deed] += 1;
      }
  }

  async #do(deed: keyof Deeds): Promise<void> {
    const { gateways, redis, random, leaseMs } = this.#options;
    const gateway = random.pick(gateways);
    switch (deed) {
      case 'kills':
        await gateway.kill();
        await wait(random.below(leaseMs * 1.5));
        return gateway.start();
      case 'pauses':
        gateway.pause();
        await wait(leaseMs * 1.5);
        return gateway.resume();
      case 'handovers':
        await gateway.stop();
        return gateway.start();
      case 'redisRestarts':
        await redis.kill();
        await wait(random.below(restMsMax));
        return redis.run();
    }
  }
}
