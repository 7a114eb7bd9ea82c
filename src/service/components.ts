/** Every component type there is. The only list of them. */
import { forward } from '../connectors/forward.ts';
import { debugExporter } from '../exporters/debug/debug.ts';
import { fileExporter } from '../exporters/file/file.ts';
import { langsmithExporter } from '../exporters/langsmith/exporter.ts';
import { nopExporter } from '../exporters/nop/nop.ts';
import { healthCheck } from '../extensions/health-check.ts';
import { fileStorage } from '../journal/file/file-storage.ts';
import { memoryStorage } from '../journal/memory/memory-storage.ts';
import { otlpReceiver } from '../receivers/otlp/receiver.ts';
import type { AnyFactory } from './factories.ts';

export const factories: readonly AnyFactory[] = [
  otlpReceiver,
  forward,
  langsmithExporter,
  debugExporter,
  fileExporter,
  nopExporter,
  fileStorage,
  memoryStorage,
  healthCheck,
];
