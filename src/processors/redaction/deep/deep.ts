/**
 * Redaction of everything that can hold text, at every depth. Read this file first.
 *
 *   item.ts: the fields of an item ─► attributes.ts: key by key ─► walk.ts: a value as a tree ─┬─ rules.ts, json-path.ts: by its place
 *   (targets.ts)                                                  (value-tree, json-tree)     ├─ content.ts: by who said it
 *                                                                                             └─ finder.ts: by what detectors find
 *   what is done to it: action.ts; what was done: audit.ts
 */
import type { PipelineDeps, Processor } from '../../../model/component.ts';
import { seal } from '../../../otlp/otlp.ts';
import { presets } from '../detect/detect.ts';
import { createRules } from '../redact.ts';
import { looksForMore, type Settings } from '../schema.ts';
import { Replacements } from './action.ts';
import { AttributesRedaction } from './attributes.ts';
import { Audit } from './audit.ts';
import { isActive } from './content.ts';
import { Finder, type FinderSettings } from './finder.ts';
import { ItemRedaction } from './item.ts';
import { RuleBook } from './rules.ts';
import { targets as allTargets, collectorTargets } from './targets.ts';
import { Walk } from './walk.ts';

export function deepRedaction(settings: Settings, { id, observer }: PipelineDeps): Processor {
  const isMore = looksForMore(settings);
  const { targets = isMore ? allTargets : collectorTargets, recurse = isMore, parse_json_strings: json = isMore } = settings;
  const { redact_all_types: allTypes, content } = settings;
  const policies = content !== undefined && isActive(content) ? content : undefined;
  const audit = new Audit(id, observer);
  const rules = createRules(settings);
  const replacements = new Replacements(settings);
  const finder = new Finder(finderSettings(settings, json, replacements), rules, replacements, audit);
  const book = new RuleBook(settings.rules);
  const walk = new Walk({ json, allTypes, policies }, rules, finder, replacements, audit);
  const attributes = new AttributesRedaction({ recurse, allTypes, policies }, rules, book, walk, finder, audit);
  const items = new ItemRedaction(new Set(targets), settings.summary, rules, book, walk, attributes, audit);
  return {
    drops: 'none',
    mutates: true,
    process: (batch) => {
      seal(batch);
      finder.beginBatch();
      items.all(batch);
      audit.flush();
      return batch;
    },
  };
}

function finderSettings(settings: Settings, json: boolean, replacements: Replacements): FinderSettings {
  const wanted = new Set<string>([...settings.detectors, ...settings.presets.flatMap((preset) => presets[preset])]);
  const detectors = presets.strict.filter((name) => wanted.has(name));
  const rules = settings.rules.map((rule, index) => ({ name: rule.name ?? `rule_${index + 1}`, template: rule.replacement }));
  const named = [...detectors, ...settings.rules.flatMap((rule) => rule.detectors ?? []), 'redacted'];
  return {
    detectors,
    actionOf: (detector) => settings.actions[detector] ?? settings.action,
    valueMax: settings.budget.value,
    batchMax: settings.budget.batch,
    escapes: json,
    ruleNames: [...rules.map(({ name }) => name), ...named],
    masks: [...named.map((name) => replacements.mask(name)), ...rules.map(({ name, template }) => replacements.mask(name, template))],
  };
}
