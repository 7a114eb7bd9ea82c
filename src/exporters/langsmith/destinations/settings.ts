/** Settings that say where runs go: the configured account and project, and what of the request, resource or span takes their place. */
import { z } from 'zod';
import { secret } from '../../../config/fields.ts';
import { auth, keySealing } from '../../sealing/settings.ts';
import { parseSource, type Source } from './source.ts';

const examples =
  'metadata.x-project, resource.service.name, span.team, auth.username, or a text such as {resource.team}-{metadata.x-stage}';

const source = z
  .string()
  .transform((text, context): Source => {
    const parsed = parseSource(text);
    if (typeof parsed !== 'string') return parsed;
    context.addIssue({ code: 'custom', message: parsed });
    return z.NEVER;
  })
  .meta({ title: 'source', examples: ['metadata.langsmith-project', 'resource.service.name', '{metadata.x-tenant}-{span.team}'] });

/** A key in an attribute would be stored with the run and shown to everybody who may read it. */
const keySource = source.refine((given) => given.perRequest, {
  error: 'an API key can only come with the request: write metadata.<header> or auth.<attribute>',
});

export const destinationSettings = {
  api_key: secret.prefault('').describe('Key of the workspace; sent as `x-api-key`.'),
  api_key_from: keySource
    .optional()
    .describe(
      'Tenants bring their own key: `metadata.<header>` (of `authorization` what stands behind `Bearer`) or `auth.<attribute>`. Without one `api_key` is used; if that is empty, too, the request is refused.',
    ),
  workspace_id: z.string().prefault('').describe('Workspace of an organisation-wide key; sent as `X-Tenant-Id`.'),
  workspace_id_from: source
    .optional()
    .describe('Where the workspace is read from, as for `project_from`; without a value there, `workspace_id`.'),
  project: z.string().min(1).prefault('default').describe('Project of traces that name none themselves.'),
  project_from: source
    .optional()
    .describe(
      `Where the project is read from: ${examples}. It beats what spans say themselves; without a value there, they and \`project\` decide.`,
    ),
  key_sealing: keySealing,
  auth,
};
