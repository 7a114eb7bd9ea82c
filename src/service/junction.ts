/**
 * Where a receiver hands on what it got: a junction stands between it and the pipelines, so that a reload can change everything behind the receiver
 * while its sockets stay open. A request takes the route that is set when it comes, to its end; `switchTo` says when the last one of the former
 * route has ended, so that what stands behind that route can go.
 */
import type { Batch } from '../model/batch.ts';
import type { AllowanceOf, Authenticate, Consume } from '../model/component.ts';
import { Fault } from '../model/fault.ts';
import type { Receipt } from '../model/receipt.ts';

export interface Route {
  readonly traces: Consume | undefined;
  readonly logs: Consume | undefined;
  /** An authenticator extension by its id; a `Fault` if there is none of that name. */
  authenticator(extensionId: string): Authenticate;
  /** A limiter extension by its id; likewise. */
  limiter(extensionId: string): AllowanceOf;
}

interface Traffic {
  readonly route: Route;
  underWay: number;
  whenQuiet: (() => void) | undefined;
}

export class Junction {
  #traffic: Traffic;

  constructor(route: Route) {
    this.#traffic = { route, underWay: 0, whenQuiet: undefined };
  }

  /** Resolves when nothing is under way on the former route. */
  switchTo(route: Route): Promise<void> {
    const former = this.#traffic;
    this.#traffic = { route, underWay: 0, whenQuiet: undefined };
    if (former.underWay === 0) return Promise.resolve();
    return new Promise((resolve) => {
      former.whenQuiet = resolve;
    });
  }

  readonly consume = async (batch: Batch): Promise<Receipt> => {
    const traffic = this.#traffic;
    const consume = traffic.route[batch.signal];
    if (!consume) throw new Fault('GW_BUG', `cannot hand on ${batch.signal}: no pipeline takes them`);
    traffic.underWay += 1;
    try {
      return await consume(batch);
    } finally {
      traffic.underWay -= 1;
      if (traffic.underWay === 0) traffic.whenQuiet?.();
    }
  };

  /** Asks the extension of that id that runs when it is asked. */
  authenticate(extensionId: string): Authenticate {
    return (metadata, address) => this.#traffic.route.authenticator(extensionId)(metadata, address);
  }

  /** Likewise. */
  allowanceOf(extensionId: string): AllowanceOf {
    return (sender) => this.#traffic.route.limiter(extensionId)(sender);
  }
}
