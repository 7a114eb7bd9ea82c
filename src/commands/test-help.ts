/** What `spanway test --help` adds. */
export const testHelp = `
Each folder in DIR is a case (or DIR itself is one):
  in.otlp.json         a request as a client sends it; several are in.1.otlp.json, in.2.otlp.json, … or in.*.pb (protobuf)
  out.runs.json        the runs that are expected, in any order: a list, or an object from exporter ids to lists.
                       Fields that are not named may have any value; null means that the field must not be there
  out.otlp.json        or: the whole batch as it reaches the exporters
  gateway.yaml         its configuration; without it that of --config, without that DIR/gateway.yaml
  caller.json          who sends, if that matters: {"receiver": "otlp", "headers": {"x-tenant": "acme"}, "auth": {"tenant": "acme"}}
Nothing is started and nothing is sent. It is always 2026-01-01, and what is random is not. Exit code 1 if a case fails.`;
