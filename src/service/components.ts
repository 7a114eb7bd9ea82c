/** Every component type there is. The only list of them. */
import { forward } from '../connectors/forward.ts';
import { presidio } from '../connectors/presidio/presidio.ts';
import { routing } from '../connectors/routing/routing.ts';
import { debugExporter } from '../exporters/debug/debug.ts';
import { fileExporter } from '../exporters/file/file.ts';
import { langsmithExporter } from '../exporters/langsmith/exporter.ts';
import { nopExporter } from '../exporters/nop/nop.ts';
import { otlpGrpcExporter, otlpHttpExporter } from '../exporters/otlp/exporter.ts';
import { admin } from '../extensions/admin.ts';
import { apiKeyAuth } from '../extensions/auth/api-key-auth.ts';
import { basicAuth } from '../extensions/auth/basic-auth.ts';
import { bearerTokenAuth } from '../extensions/auth/bearer-token-auth.ts';
import { headersSetter } from '../extensions/headers-setter.ts';
import { healthCheck } from '../extensions/health-check.ts';
import { rateLimiter } from '../extensions/rate-limiter/rate-limiter.ts';
import { fileStorage } from '../journal/file/file-storage.ts';
import { memoryStorage } from '../journal/memory/memory-storage.ts';
import { redisStorage } from '../journal/redis/redis-storage.ts';
import { processors } from '../processors/processors.ts';
import { otlpReceiver } from '../receivers/otlp/receiver.ts';
import type { AnyFactory } from './factories.ts';

export const factories: readonly AnyFactory[] = [
  otlpReceiver,
  ...processors,
  forward,
  routing,
  presidio,
  langsmithExporter,
  otlpHttpExporter,
  otlpGrpcExporter,
  debugExporter,
  fileExporter,
  nopExporter,
  fileStorage,
  memoryStorage,
  redisStorage,
  healthCheck,
  admin,
  basicAuth,
  bearerTokenAuth,
  apiKeyAuth,
  headersSetter,
  rateLimiter,
];
