/** Whether the servers can be reached, and give the durability that is declared. */
import { Fault } from '../../model/fault.ts';
import { type Finding, ok, problem, warning } from '../../model/finding.ts';
import type { Durability } from '../../model/receipt.ts';
import { assuranceFor, shortfallOf } from './level.ts';
import type { Link } from './link.ts';
import { factsOf, type NodeFacts, type Persistence } from './node-facts.ts';

export interface ServersQuestion {
  readonly open: () => Promise<Link>;
  readonly durability: Durability;
  readonly persistence: Persistence;
  readonly bytesMax: number;
  /** Share of a server's memory from which on spans are refused. */
  readonly memoryShareMax: number;
}

export async function examineServers(question: ServersQuestion): Promise<readonly Finding[]> {
  let link: Link | undefined;
  try {
    link = await question.open();
    const nodes = await Promise.all(link.nodes().map((node) => factsOf(node, question.persistence)));
    return [...nodes.flatMap((facts) => nodeFindings(facts, nodes, question)), ...roomFindings(nodes, question)];
  } catch (error) {
    const { message, hint } = Fault.of(error);
    return [
      problem('Redis', message, hint ?? 'check redis_storage::url or endpoint, user name, password and tls, and whether the server runs'),
    ];
  } finally {
    link?.close();
  }
}

function nodeFindings(facts: NodeFacts, nodes: readonly NodeFacts[], { durability }: ServersQuestion): Finding[] {
  const subject = `Redis ${facts.name}`;
  const shortfall = shortfallOf(facts, durability, assuranceFor(durability, nodes));
  if (shortfall) return [problem(subject, `durability "${durability}" is not to be had: ${shortfall.reason}`, shortfall.hint)];
  return [ok(subject, `version ${facts.version} gives durability "${durability}"`)];
}

function roomFindings(nodes: readonly NodeFacts[], { bytesMax, memoryShareMax }: ServersQuestion): Finding[] {
  const limits = nodes.map(({ limitBytes }) => limitBytes);
  if (limits.some((limit) => limit === 0)) return [];
  const roomBytes = limits.reduce((sum, limit) => sum + limit * memoryShareMax, 0);
  if (roomBytes >= bytesMax) return [];
  return [
    warning(
      'Redis',
      `sending_queue::queue_size is larger than the ${Math.floor(roomBytes / 2 ** 20)} MiB that the servers leave for it`,
      'spans will be refused earlier: give Redis more maxmemory, or lower queue_size',
    ),
  ];
}
