/** What one request may hold. Over a limit of the request: a Fault. Over a limit of one item: that item alone is rejected, never cut. */
export interface Limits {
  /** Spans or log records; resources and scopes have the same limit of their own. */
  readonly itemsMax: number;
  /** Attributes of one span, log record, resource or scope. OpenInference spells long conversations out in thousands of them. */
  readonly attributesMax: number;
  /** Events of one span; links likewise. */
  readonly eventsMax: number;
  /** Nesting of attribute values: 1 is a plain value. */
  readonly depthMax: number;
  /** Attributes, events, links and elements of nested values, over the whole request. */
  readonly elementsMax: number;
}

export const defaultLimits: Limits = {
  itemsMax: 100_000,
  attributesMax: 16_384,
  eventsMax: 65_536,
  depthMax: 64,
  elementsMax: 4_000_000,
};
