#!/usr/bin/env node
/** The command line. Exit codes: 0 done, 1 refused (every problem is listed), 2 wrong usage. */
import { Command, CommanderError } from 'commander';
import { testHelp } from './commands/test-help.ts';
import { readVersion } from './commands/version.ts';

const collect = (value: string, previous: string[]): string[] => [...previous, value];
const version = readVersion();

const program = new Command('spanway')
  .description('An OpenTelemetry gateway for LangSmith: OTLP in, LangSmith runs out, nothing lost.')
  .version(version)
  .exitOverride();

function configOptions(command: Command): Command {
  return command
    .option('--config <uri>', 'configuration: a path, file:, env: or yaml: URI; several merge', collect, [])
    .option('--set <key=value>', 'one value on top of the configuration, e.g. exporters.langsmith.project=x', collect, []);
}

/** Commands are loaded when they are called: `validate` should not wait for gRPC to load. */
configOptions(program.command('run', { isDefault: true }).description('run the gateway'))
  .option('--sink <when>', 'run the local sink as destination: auto (if there is no LANGSMITH_API_KEY), always, never', 'never')
  .option('--watch', 'reload when a file of the configuration changes; SIGHUP always reloads', false)
  .action(async (options: { config: string[]; set: string[]; sink: string; watch: boolean }) =>
    (await import('./commands/run.ts')).run(options, version),
  );

configOptions(program.command('validate').description('check a configuration; silent if it is good')).action(
  async (options: { config: string[]; set: string[] }) => (await import('./commands/configuration.ts')).validate(options),
);

configOptions(program.command('doctor').description('look at all that a start and the first upload need, and say what to do'))
  .option('--json', 'print findings as JSON', false)
  .action(async (options: { config: string[]; set: string[]; json: boolean }) => (await import('./commands/doctor.ts')).doctor(options));

program
  .command('why <id>')
  .description('tell what became of each span of a recent trace: a trace id in hex, or the id of a trace or run in LangSmith')
  .option('--url <url>', 'admin endpoint of a gateway; repeat it for several replicas', collect, [])
  .option('--json', 'print the report as JSON', false)
  .addHelpText('after', '\nThe token of the admin extension, if it has one, is read from SPANWAY_ADMIN_TOKEN.')
  .action(async (id: string, options: { url: string[]; json: boolean }) => (await import('./commands/why.ts')).why(id, options));

configOptions(program.command('print-config').description('print the resolved configuration, secrets redacted'))
  .option('--format <format>', 'yaml or json', 'yaml')
  .action(async (options: { config: string[]; set: string[]; format: string }) =>
    (await import('./commands/configuration.ts')).print(options),
  );

program
  .command('components')
  .description('list what a configuration can use')
  .action(async () => (await import('./commands/configuration.ts')).components(version));

configOptions(program.command('convert <file>').description('show the runs that a file of OTLP (.json or protobuf, also gzipped) becomes'))
  .option('--receiver <id>', 'with --config: the receiver that the file comes in at; the first one if it is not named')
  .option('--header <name=value>', 'with --config: a header that the client sends, e.g. x-tenant=acme; repeat it for several', collect, [])
  .option('--explain', 'with --config: show what redaction removes instead, where and by which rule', false)
  .addHelpText(
    'after',
    '\nWith --config the file goes through the pipelines of the configuration, and what comes to each exporter is shown.',
  )
  .action(async (file: string, options: { config: string[]; set: string[]; receiver?: string; header: string[]; explain: boolean }) =>
    (await import('./commands/convert.ts')).convert(file, options),
  );

configOptions(program.command('test <directory>').description("run a user's own pipeline tests: a request in, the expected runs out"))
  .option('--update', 'write what comes as what is expected', false)
  .addHelpText('after', testHelp)
  .action(async (directory: string, options: { config: string[]; set: string[]; update: boolean }) =>
    (await import('./commands/test.ts')).test(directory, options),
  );

const deadLetters = program.command('dead-letters').description('what could not be delivered, and why');
configOptions(deadLetters.command('list').description('list them, oldest first')).action(
  async (options: { config: string[]; set: string[] }) => (await import('./commands/dead-letters.ts')).list(options),
);
configOptions(deadLetters.command('show <key>').description('show one with its run')).action(
  async (key: string, options: { config: string[]; set: string[] }) => (await import('./commands/dead-letters.ts')).show(key, options),
);
for (const verb of ['replay', 'drop'] as const) {
  configOptions(
    deadLetters
      .command(`${verb} <keys...>`)
      .description(verb === 'replay' ? 'send them again ("all" for all)' : 'delete them for good ("all" for all)'),
  ).action(async (keys: string[], options: { config: string[]; set: string[] }) =>
    (await import('./commands/dead-letters.ts')).command(verb, keys, options),
  );
}

program
  .command('sink')
  .description('run a local LangSmith-compatible server that stores runs and shows them')
  .option('--host <host>', 'address to listen on', '127.0.0.1')
  .option('--port <port>', 'port to listen on', '1984')
  .option('--directory <path>', 'where to keep the runs', '.spanway/sink')
  .option('--lenient', 'take what the strict rules would refuse', false)
  .action(async (options: { host: string; port: string; directory: string; lenient: boolean }) =>
    (await import('./commands/sink.ts')).sink(options),
  );

program
  .command('demo')
  .description('run gateway and sink, send a sample agent trace with a real OpenTelemetry SDK, show the tree')
  .action(async () => (await import('./commands/demo.ts')).demo());

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    const { message, hint } = error as Error & { hint?: string };
    process.stderr.write(`Error: ${message}\n${hint ? `  ${hint}\n` : ''}`);
    process.exitCode = 1;
  }
}
