/** Where the data come from, and the expression that reads them as samples. */
import { labelCandidates, type Plan } from './plan';

export type DataSource =
  /** A TypeScript expression of a cell; `await` is allowed. */
  | { kind: 'expression'; expression: string; description: string }
  /** A file or folder, its path as a cell names it. */
  | { kind: 'file'; path: string; description: string }
  /** Text of a table, which gets a separate cell. */
  | { kind: 'text'; text: string; description: string };

/** An expression, and what it needs. */
export interface Reading {
  expression: string;
  imports: string[];
  /** Statements before it. */
  before: string[];
}

/** Letters of a line, behind `const data = `. */
const LINE = 72;
/** Names of columns that are listed one by one. */
const MOST_LISTED = 40;

export function readingOf(source: DataSource, plan: Plan): Reading {
  const { reader, format } = plan.survey;
  const { before, fields, imports } = optionsOf(source, plan);
  const options = fields.length > 0;
  const call = (name: string, argument: string, awaits = true): Reading => ({
    expression: callText(`${awaits ? 'await ' : ''}${name}`, argument, fields),
    imports: [name, ...imports],
    before,
  });
  switch (source.kind) {
    case 'text':
      return call(reader, templateLiteral(source.text), false);
    case 'expression':
      if (reader === 'collect') return collected(source.expression, plan);
      if (format === 'a data set' && !options) return { expression: source.expression, imports, before };
      return { ...call('Dataset.from', source.expression, false), imports: ['Dataset', ...imports] };
    case 'file': {
      if (!plan.isAll) return ofStream(call('streamData', quoted(source.path)), plan);
      if (reader !== 'readNpy' || !options) return call(reader, quoted(source.path));
      const expression = callText('Dataset.from', `await readNpy(${quoted(source.path)})`, fields);
      return { expression, imports: ['Dataset', 'readNpy', ...imports], before };
    }
  }
}

function collected(expression: string, { isAll, samples }: Plan): Reading {
  const most = isAll ? '' : `, ${samples}`;
  return { expression: `await collect(${expression}${most})`, imports: ['collect'], before: [] };
}

/** The first samples of data that do not fit into memory. */
function ofStream({ expression, imports, before }: Reading, { samples }: Plan): Reading {
  return { expression: `await collect(${expression}, ${samples})`, imports: ['collect', ...imports], before };
}

function optionsOf(source: DataSource, plan: Plan): { fields: string[]; before: string[]; imports: string[] } {
  const { label, fit, array } = plan;
  const fields: string[] = [];
  if (array !== undefined) fields.push(`array: ${quoted(array)}`);
  if (label !== null) fields.push(`label: ${quoted(label)}`);
  const columns = columnsOf(source, plan);
  if (columns) fields.push(columns.field);
  if (fit) {
    if (fit.how !== 'resize') fields.push(`fit: '${fit.how}'`);
    fields.push(`size: [${fit.size.join(', ')}]`);
  }
  return { fields, before: columns?.before ?? [], imports: columns?.imports ?? [] };
}

/** The columns that are taken, where that is not what the reader takes by itself. */
function columnsOf(
  source: DataSource,
  { survey, columns, label }: Plan,
): { field: string; before: string[]; imports: string[] } | undefined {
  if (!columns) return undefined;
  const names = survey.columns.map(({ name }) => name);
  const left = names.filter((name) => name !== label && !columns.includes(name));
  // Readers of files take what looks like a class for one, unless the columns are given.
  const mayBeTaken = label === null && source.kind !== 'expression' && labelCandidates(survey).length > 0;
  if (left.length === 0 && !mayBeTaken) return undefined;
  if (columns.length > MOST_LISTED && left.length < columns.length && source.kind === 'file') {
    const out = [...left, ...(label === null ? [] : [label])];
    return {
      field: `columns: survey.columns.map(({ name }) => name).filter((name) => !leftOut.includes(name))`,
      before: [
        `const survey = await surveyFile(${quoted(source.path)});`,
        `const leftOut = [${out.map(quoted).join(', ')}];`,
      ],
      imports: ['surveyFile'],
    };
  }
  return { field: `columns: [${columns.map(quoted).join(', ')}]`, before: [], imports: [] };
}

/** A call with options, on one line where that is no long one. */
function callText(callee: string, argument: string, fields: string[]): string {
  if (fields.length === 0) return `${callee}(${argument})`;
  const line = `${callee}(${argument}, { ${fields.join(', ')} })`;
  const isShort = line.length - (argument.length > LINE ? argument.length : 0) <= LINE;
  return isShort ? line : `${callee}(${argument}, {\n${fields.map((field) => `  ${field},`).join('\n')}\n})`;
}

/** A cell that shows a `DataSurvey` as JSON, or fails with the reason why there is no data. It declares nothing. */
export function surveyCode(source: DataSource, array?: string): string {
  const look = lookAt(source, array);
  const name = look.slice(0, look.indexOf('('));
  return `{
  const $survey = await (async ({ ${name} }) => ${look})(await import('latentlab'));
  await display({ [Symbol.for('Jupyter.display')]: () => ({ 'application/json': $survey }) });
}`;
}

function lookAt(source: DataSource, array: string | undefined): string {
  const name = `{ name: ${quoted(source.description)} }`;
  switch (source.kind) {
    case 'expression':
      return `survey(${source.expression}, ${name})`;
    case 'text':
      return `surveyText(${templateLiteral(source.text)}, ${name})`;
    case 'file':
      return `surveyFile(${[quoted(source.path), ...(array === undefined ? [] : [`{ array: ${quoted(array)} }`])].join(', ')})`;
  }
}

export function quoted(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** Text as a template literal: what it holds stays readable. */
export function templateLiteral(text: string): string {
  return `\`${text.replace(/[`\\]|\$\{/g, '\\$&')}\``;
}
