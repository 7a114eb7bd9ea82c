import { issueReceipt, type Receipt } from '../model/receipt.ts';

/** The receipt of a terminal exporter that keeps nothing durable (debug, file, nop): it promises nothing, and says so. */
export function unjournaled(items: number): Receipt {
  return issueReceipt('none', items);
}
