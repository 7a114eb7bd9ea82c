/** Component types that the Collector has and Spanway does not. Whoever brings such a file learns it from the first message. */
const collectorTypes: ReadonlySet<string> = new Set(
  (
    'awss3 awsxray azuremonitor carbon clickhouse cloudfoundry count coralogix cumulativetodelta datadog deltatorate docker_stats ' +
    'elasticsearch exceptions failover faro filelog fluentforward googlecloud googlecloudpubsub groupbyattrs groupbytrace honeycombmarker ' +
    'host_observer hostmetrics httpcheck influxdb interval jaeger journald k8s_cluster k8s_events k8s_observer k8sattributes k8sobjects kafka ' +
    'kafkametrics kubeletstats loadbalancing logdedup logstransform loki metricsgeneration metricstransform mongodb nginx oauth2client ' +
    'oidc opamp opencensus opensearch otlpjsonfile postgresql pprof prometheus prometheusremotewrite prometheus_simple pulsar rabbitmq ' +
    'redis remotetap resourcedetection schema sentry servicegraph sigv4auth skywalking span spanmetrics splunk_hec sqlquery statsd sum syslog ' +
    'tail_sampling tcplog udplog unroll windowseventlog zipkin asapauth jaegerremotesampling sumologic logzio ' +
    'signalfx sapm tinybird wavefront geoip k8s_attributes log_dedup metric_start_time metrics_transform resource_detection'
  ).split(' '),
);

const resourceAdvice = `set attributes with the "resource" processor and \${env:…}`;

const instead: ReadonlyMap<string, string> = new Map([
  ['logging', 'it was replaced in the Collector too: use "debug"'],
  ['tail_sampling', 'Spanway samples at the head, with "probabilistic_sampler", "filter" and "routing"'],
  ['loadbalancing', 'replicas that share a Redis journal need none: any of them may receive any span'],
  ['groupbytrace', 'whole trees are assembled by the "langsmith" exporter'],
  ['resourcedetection', resourceAdvice],
  ['resource_detection', resourceAdvice],
  ['genainormalizer', 'it was renamed in the Collector too: use "gen_ai_normalizer"'],
  ['k8sattributes', resourceAdvice],
  ['k8s_attributes', resourceAdvice],
  ['jaeger', 'send OTLP to the "otlp" receiver'],
  ['zipkin', 'send OTLP to the "otlp" receiver'],
  ['zpages', '"admin" shows what runs, and "spanway why" what became of a span'],
  ['pprof', 'leave it out, or name it in service::compat::ignore_unsupported'],
  ['memory_ballast', 'the Collector gave it up, too: leave it out, "memory_limiter" is enough'],
]);

/** All of them, for editors. */
export const typesElsewhere: readonly string[] = [...new Set([...collectorTypes, ...instead.keys()])].sort();

/** A hint for a known type that does not exist here; `undefined` if it is no Collector type. */
export function elsewhereHint(type: string, supported: readonly string[]): string | undefined {
  const advice = instead.get(type);
  if (advice === undefined && !collectorTypes.has(type)) return undefined;
  return `type "${type}" exists in the Collector but not here; ${advice ?? `supported: ${supported.join(', ')}`}`;
}
