/** The Kubernetes manifests are what Kubernetes' own schemas allow, and fit each other. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { Service } from 'kubernetes-models/v1/Service';
import { ServiceAccount } from 'kubernetes-models/v1/ServiceAccount';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';

const kubernetes = new URL('../../deploy/kubernetes/', import.meta.url).pathname;
const models = { Deployment, HorizontalPodAutoscaler, NetworkPolicy, PodDisruptionBudget, Service, ServiceAccount };

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}
interface Port {
  readonly name: string;
  readonly containerPort: number;
}
interface Container {
  readonly name: string;
  readonly image: string;
  readonly ports?: readonly Port[];
  readonly restartPolicy?: string;
  readonly env?: readonly { readonly name: string }[];
  readonly securityContext: object;
  readonly volumeMounts?: readonly { readonly mountPath: string }[];
}
interface Workload extends Manifest {
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly labels: object };
      readonly spec: {
        readonly containers: Container[];
        readonly initContainers?: Container[];
        readonly terminationGracePeriodSeconds: number;
      };
    };
  };
}

/** The manifests that a kustomization names, in its order. */
function manifestsOf(folder: string): Manifest[] {
  const kustomization = parse(readFileSync(join(kubernetes, folder, 'kustomization.yaml'), 'utf8')) as { resources: string[] };
  return kustomization.resources.flatMap((file) =>
    parseAllDocuments(readFileSync(join(kubernetes, folder, file), 'utf8')).map((document) => document.toJS() as Manifest),
  );
}

const workloadOf = (folder: string): Workload => manifestsOf(folder).find(({ kind }) => kind === 'Deployment') as Workload;

describe.each(['gateway', 'sidecar'])('deploy/kubernetes/%s', (folder) => {
  test('holds only manifests that the schemas of their kinds allow', () => {
    for (const manifest of manifestsOf(folder)) {
      const Model = models[manifest.kind as keyof typeof models];
      expect(Model, `no schema for ${manifest.kind}`).toBeDefined();
      expect(() => new Model(manifest as never).validate(), `${manifest.kind} ${manifest.metadata.name}`).not.toThrow();
    }
  });

  test('names every file of its folder in the kustomization, and only those', () => {
    const named = (parse(readFileSync(join(kubernetes, folder, 'kustomization.yaml'), 'utf8')) as { resources: string[] }).resources;
    expect([...named, 'kustomization.yaml'].sort()).toEqual(readdirSync(join(kubernetes, folder)).sort());
  });

  test('runs every container without rights and with a root that it cannot write', () => {
    const { containers, initContainers = [] } = workloadOf(folder).spec.template.spec;
    for (const { name, securityContext } of [...containers, ...initContainers]) {
      expect(securityContext, name).toMatchObject({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
  });

  test('waits longer at the end than the gateway takes to finish', () => {
    const source = readFileSync(new URL('../../src/commands/run.ts', import.meta.url), 'utf8');
    const graceSeconds = Number(/graceMs = ([\d_]+)/.exec(source)?.[1]?.replaceAll('_', '')) / 1_000;
    expect(workloadOf(folder).spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(graceSeconds + 10);
  });
});

test('the schemas refuse a manifest with a wrong field, so a pass means something', () => {
  const [first] = manifestsOf('gateway').filter(({ kind }) => kind === 'Deployment');
  const broken = structuredClone(first) as unknown as { spec: { template: { spec: { containers: { ports: unknown }[] } } } };
  (broken.spec.template.spec.containers[0] as { ports: unknown }).ports = [{ containerPort: 'otlp' }];
  expect(() => new Deployment(broken as never).validate()).toThrow();
});

test('service, policies and autoscaler of the gateway select the Pods of its Deployment', () => {
  const { metadata, spec } = workloadOf('gateway');
  const labels = spec.template.metadata.labels;
  const of = (kind: string) =>
    (manifestsOf('gateway').find((one) => one.kind === kind) as unknown as { spec: Record<string, object> }).spec;
  expect(labels).toMatchObject(of('Service').selector as object);
  expect(labels).toMatchObject((of('PodDisruptionBudget').selector as { matchLabels: object }).matchLabels);
  expect(labels).toMatchObject((of('NetworkPolicy').podSelector as { matchLabels: object }).matchLabels);
  expect(of('HorizontalPodAutoscaler').scaleTargetRef).toMatchObject({ kind: 'Deployment', name: metadata.name });
});

test('ports that services and probes name are ports of the container', () => {
  for (const folder of ['gateway', 'sidecar']) {
    const { containers, initContainers = [] } = workloadOf(folder).spec.template.spec;
    const known = new Set([...containers, ...initContainers].flatMap(({ ports = [] }) => ports.map(({ name }) => name)));
    const named = JSON.stringify(manifestsOf(folder)).matchAll(/"(?:targetPort|port)":"([a-z-]+)"/g);
    for (const [, name] of named) expect(known, name).toContain(name);
  }
});

test('the sidecar stops after the application, which is told the endpoint and nothing else', () => {
  const { containers, initContainers = [] } = workloadOf('sidecar').spec.template.spec;
  expect(initContainers.map(({ name, restartPolicy }) => [name, restartPolicy])).toEqual([['spanway', 'Always']]);
  expect(containers.map(({ env = [] }) => env.map(({ name }) => name))).toEqual([['OTEL_EXPORTER_OTLP_ENDPOINT']]);
});

test('manifests and images carry the version of the package', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  for (const folder of ['gateway', 'sidecar']) {
    const kustomization = parse(readFileSync(join(kubernetes, folder, 'kustomization.yaml'), 'utf8')) as {
      images: { name: string; newTag: string }[];
    };
    expect(kustomization.images.find(({ name }) => name === 'spanway')?.newTag).toBe(version);
    const { containers, initContainers = [] } = workloadOf(folder).spec.template.spec;
    expect([...containers, ...initContainers].map(({ image }) => image)).toContain(`spanway:${version}`);
  }
});
