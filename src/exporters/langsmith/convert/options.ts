export interface ConvertOptions {
  /** Keep the vectors of embedding runs instead of their count and size. */
  readonly keepEmbeddingVectors?: boolean;
  /** Base64 media of more bytes than this leave the messages and become attachments. Default 1 MiB. */
  readonly inlineMediaBytesMax?: number;
  /** Which of Dify's runs carries the tokens that several of them tell: the message (default), or the model calls inside of it (mapping §19.5). */
  readonly difyUsageOwner?: 'message' | 'leaf';
  /** Whoever copies the bytes of a draft before the next span is converted needs no memory for them. */
  readonly reuseBytes?: boolean;
}
