/** A model as a graph of its parts. */
import type * as tf from '@tensorflow/tfjs';
import { scheduleText } from '../../training/schedules/schedules';
import type { Draws } from '../../noise';
import { isMirror } from '../../networks/tied';
import { rowShapeOf } from '../../samples';
import { withDraws, type Drawn } from './draws';
import { flowsOf, merged, variablesOf, type AnyModel, type Flow } from './flow';
import { layerLines, sizeOf } from './layers';
import { withoutDetours } from './simplify';
import { sizes, type Structure, type StructureArrow, type StructurePart } from './structure';
import { partOf, spaced, subscripted, words } from './words';

/** What a quantizer says of its codes. */
interface Coded {
  codebookSize?: number;
  stages?: number;
}

const PRIOR = 'p(z)';
/** In a term's formula; an importance weight is p(x, z) over q(z|x). */
const SEES_PRIOR = /p\(z(?!_)[^|]*\)|w_l/;
const SEES_POSTERIOR = /q(_\w+|_\{[^}]*\})?\(z[^)]*\||p_[A-Z]\(z[^)]*\||w_l/;
const LIKELIHOOD = 'p(x|z)';

/** The parts of a model and what flows between them while it trains, as its terms are recorded. */
export function modelStructure(model: AnyModel): Structure {
  const { flows: recorded, known, refusal } = flowsOf(model);
  const scalars = new Set(Object.keys(model.schedules));
  const own = new Set<string>(Object.keys(model.noise(2)));
  const given = Object.keys(model.inputTypes(2)).filter((name) => name !== 'x' && name !== 'y');
  // Beside those of the model there are draws of its networks, for their dropout, and numbers that change.
  const dropped = new Set(given.filter((name) => !own.has(name) || scalars.has(name)));
  const seen = recorded.map((flow) => ({ ...flow, from: without(flow.from, dropped) }));
  const { flows, drawn } = withDraws(refusal ? chained(model) : seen, own, new Set(['x', 'y']), (term) =>
    SEES_POSTERIOR.test(model.objective.terms[term]?.formula.replaceAll('\\vert', '|') ?? 'q(z|'),
  );
  const graph = new Graph(model, known, withoutDetours(withPrior(withLikelihood(flows, model), model), drawn), drawn);
  const notes = refusal ? [`The terms of its loss cannot be recorded: ${refusal}`] : [];
  return {
    name: model.name,
    parts: graph.parts(),
    arrows: graph.arrows(),
    parameters: sizeOf(model.parameters),
    notes,
  };
}

/** Where the loss says nothing: one network after the other. */
function chained({ networksIn, termWeights, objective }: AnyModel): Flow[] {
  const names = networksIn.map(({ name }) => name);
  const flows = networksIn.map(({ name, from }, i): Flow => {
    return { to: name, isTerm: false, from: new Set([names[i - 1] ?? 'x']), shape: from };
  });
  const terms = Object.keys({ ...termWeights, ...objective.terms });
  const last = names.at(-1) ?? 'x';
  return [...flows, ...terms.map((to): Flow => ({ to, isTerm: true, from: new Set([last]), shape: [] }))];
}

function without(names: ReadonlySet<string>, dropped: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...names].filter((name) => !dropped.has(name)));
}

/** Terms look at p(x|z), which a likelihood makes of the rows of the network that gives samples. */
function withLikelihood(flows: readonly Flow[], model: AnyModel): Flow[] {
  const giving = model.networksIn.findLast(({ to }) => String(to) === String(rowShapeOf(model.inputShape)));
  if (!partOf(model, 'likelihood') || !giving) return [...flows];
  const isGiven = ({ isTerm, from }: Flow) => isTerm && from.has(giving.name) && from.has('x');
  if (!flows.some(isGiven)) return [...flows];
  const rerouted = flows.map((flow) => {
    if (!isGiven(flow)) return flow;
    return { ...flow, from: new Set([...without(flow.from, new Set([giving.name])), LIKELIHOOD]) };
  });
  const shape = [...giving.to.slice(0, -1), giving.to.at(-1)! * giving.perValue];
  return [...rerouted, { to: LIKELIHOOD, isTerm: false, from: new Set([giving.name]), shape }];
}

/** Terms whose formula has p(z) look at it; what it is made of are its own parameters. */
function withPrior(flows: readonly Flow[], model: AnyModel): Flow[] {
  const draws = [...new Set(flows.flatMap(({ from }) => [...from]))].filter(
    (name) => /^prior(\.|$)/.test(name) && !isVariable(name, model),
  );
  if (!partOf(model, 'prior') && draws.length === 0) return [...flows];
  const { terms } = model.objective;
  const known = new Set(flows.flatMap(({ from }) => [...from]));
  const parameters = new Set([...known].filter((name) => isVariable(name, model) && !isNetwork(name, model)));
  const seesPrior = ({ isTerm, to, from }: Flow) =>
    isTerm &&
    (draws.some((name) => from.has(name)) ||
      (SEES_PRIOR.test(terms[to]?.formula ?? '') && ![...from].some((name) => fed.has(name))));
  const fed = new Set(
    flows.filter(({ from, isTerm }) => !isTerm && draws.some((name) => from.has(name))).map(({ to }) => to),
  );
  const used = new Set<string>();
  const all = flows.map((flow): Flow => {
    const looks = seesPrior(flow) || draws.some((name) => flow.from.has(name));
    if (!looks) return flow;
    const own = [...flow.from].filter((name) => flow.isTerm && parameters.has(name));
    own.forEach((name) => used.add(name));
    return { ...flow, from: new Set([...without(flow.from, new Set([...own, ...draws])), PRIOR]) };
  });
  if (!all.some(({ from }) => from.has(PRIOR))) return [...flows];
  // A mixture of posteriors is what the encoder makes of pseudo-inputs.
  if (priorName(model) === 'vampPrior') used.add('encoder');
  return [...all, ...[...used].map((name): Flow => ({ to: PRIOR, isTerm: false, from: new Set([name]), shape: [] }))];
}

function priorName(model: AnyModel): string | null | undefined {
  const { prior } = ('parts' in model ? model.parts : {}) as { prior?: { name?: string | null } };
  return prior?.name;
}

function isVariable(name: string, { parameters, state }: AnyModel): boolean {
  return Object.keys({ ...parameters, ...state }).some((one) => one === name || one.startsWith(`${name}.`));
}

function isNetwork(name: string, { networksIn }: AnyModel): boolean {
  return networksIn.some((network) => network.name === name);
}

class Graph {
  constructor(
    private readonly model: AnyModel,
    private readonly known: ReadonlySet<string>,
    private readonly flows: readonly Flow[],
    private readonly drawn: readonly Drawn[],
  ) {}

  parts(): StructurePart[] {
    const used = this.drawn.filter(({ id }) => this.flows.some(({ from }) => from.has(id)));
    const inner = this.flows.flatMap(({ from, to, isTerm }) => [...from, ...(isTerm ? [] : [to])]);
    const all = [...inner, ...used.flatMap(({ from, id }) => [...from, id])];
    const names = new Set([...['x', 'y'].filter((name) => all.includes(name)), ...all]);
    const terms = Object.keys(this.model.objective.terms).filter((name) => this.isInLoss(name));
    return [...[...names].map((name) => this.part(name)), ...terms.map((name) => this.term(name))];
  }

  arrows(): StructureArrow[] {
    const arrows = new Map<string, StructureArrow>();
    const add = (from: string, to: string, shape: string) => {
      const before = arrows.get(`${from} ${to}`)?.shape;
      if (before === undefined || before === '') arrows.set(`${from} ${to}`, { from, to, shape });
    };
    for (const { id, from, shape } of this.drawn) {
      if (!this.flows.some((flow) => flow.from.has(id))) continue;
      for (const name of from) add(name, id, this.shapeFrom(name, from.size === 1 ? shape : undefined));
    }
    for (const { from, to, isTerm, shape } of this.flows) {
      if (isTerm && !this.isInLoss(to)) continue;
      for (const name of from)
        add(name, isTerm ? `term ${to}` : to, isTerm ? '' : this.shapeFrom(name, from.size === 1 ? shape : undefined));
    }
    return [...arrows.values()];
  }

  /** A network's is that of its output; several values that become one keep their own; else that of the value. */
  private shapeFrom(name: string, shape: readonly number[] | undefined): string {
    const network = this.model.networksIn.find((one) => one.name === name);
    if (network) {
      const values = network.perValue > 1 && network.to.length > 1 ? `(${sizes(network.to)})` : sizes(network.to);
      return `${network.perValue > 1 ? `${network.perValue} × ` : ''}${values}`;
    }
    if (name === 'x') return sizes(rowShapeOf(this.model.inputShape));
    const drawn = this.drawn.find(({ id }) => id === name);
    if (drawn) return drawn.kind === 'noise' ? '' : sizes(drawn.shape);
    return shape === undefined ? '' : sizes(shape);
  }

  private part(name: string): StructurePart {
    const { model } = this;
    const drawn = this.drawn.find(({ id }) => id === name);
    if (drawn) return this.random(drawn);
    if (name === 'x' || name === 'y') return this.data(name);
    if (name === PRIOR) return { id: name, kind: 'random', title: PRIOR, lines: lines(partOf(model, 'prior')) };
    if (name === LIKELIHOOD)
      return { id: name, kind: 'random', title: 'p(x | z)', lines: lines(partOf(model, 'likelihood')) };
    const variables = variablesOf(name, model, this.known);
    if (/^(codebook|quantizer)(\.|$)/.test(name)) return this.codebook(name, variables);
    const network = model.networksIn.find((one) => one.name === name || merged(one.name, this.known) === name);
    const title = spaced(name);
    const parameters = this.trained(variables);
    const frozen = parameters === 0 && sizeOf(variables) > 0 ? 'not trained' : undefined;
    const layers = layerLines(variables);
    if (!network && layers.length === 0) {
      const shapes = Object.values(variables).map(({ shape }) => sizes(shape) || 'a number');
      return { id: name, kind: 'variables', title, lines: [...new Set(shapes)].slice(0, 2), parameters };
    }
    const made = network?.part.name
      ? [words(network.part.name)]
      : network && isMirror(network.part)
        ? [words('tied')]
        : network && sizeOf(variables) === 0
          ? ['a function']
          : [];
    const activation = (network?.part.options as { activation?: string } | undefined)?.activation;
    const kind = [...made, ...lines(activation)].join(', ');
    return { id: name, kind: 'network', title, lines: [...lines(kind), ...layers, ...lines(frozen)], parameters };
  }

  private data(name: 'x' | 'y'): StructurePart {
    const { classes, inputShape } = this.model;
    const text = name === 'x' ? sizes(rowShapeOf(inputShape)) : `${classes} classes`;
    return { id: name, kind: 'data', title: name, lines: [text] };
  }

  private random({ id, title, kind, shape }: Drawn): StructurePart {
    const posterior = kind === 'latent' ? partOf(this.model, 'posterior') : undefined;
    const corruption = kind === 'corrupted' ? partOf(this.model, 'corruption') : undefined;
    const { latentDimensions: k } = this.model as { latentDimensions?: number };
    const isOnly = this.drawn.filter((one) => one.kind === 'latent').length === 1;
    const width =
      kind === 'latent'
        ? `${isOnly && k !== undefined ? k.toLocaleString('en-US') : sizes(shape)} ${isOnly && k === 1 ? 'latent' : 'latents'}`
        : kind === 'noise'
          ? 'drawn'
          : undefined;
    return {
      id,
      kind: 'random',
      title: subscripted(kind === 'noise' ? ((this.model.noise(1) as Draws)[title]?.symbol ?? spaced(title)) : title),
      lines: lines(width, posterior, corruption),
    };
  }

  private codebook(name: string, variables: Readonly<Record<string, tf.Variable>>): StructurePart {
    const { codebookSize, stages = 1 } = this.model as Coded;
    const [, level] = name.split('.');
    const table = Object.values(variables).find(({ shape }) => shape.length === 2);
    const codes = table
      ? `${sizes(table.shape)}`
      : codebookSize === undefined
        ? undefined
        : `${codebookSize.toLocaleString('en-US')} codes`;
    const trained = this.trained(variables);
    const averaged = trained === 0 && table ? 'moving averages' : undefined;
    const title = name.startsWith('codebook') ? 'codebook' : 'quantizer';
    const text = codes && stages > 1 ? `${stages} stages of ${codes}` : codes;
    return {
      id: name,
      kind: 'codebook',
      title: level ? `${level} ${title}` : title,
      lines: lines(text, averaged),
      ...(trained > 0 && { parameters: trained }),
    };
  }

  /** Numbers that the gradient trains. */
  private trained(variables: Readonly<Record<string, tf.Variable>>): number {
    const own = Object.entries(variables).filter(([name]) => name in this.model.parameters);
    return sizeOf(Object.fromEntries(own));
  }

  private isInLoss(term: string): boolean {
    const weight = this.model.termWeights[term];
    return !(weight && weight.symbol === '' && weight.schedule === 0);
  }

  private term(name: string): StructurePart {
    const { symbol = '', schedule = 1 } = this.model.termWeights[name] ?? {};
    const weight =
      typeof schedule === 'number'
        ? schedule === 1
          ? undefined
          : String(Number(schedule.toPrecision(3)))
        : scheduleText(schedule);
    const isNumber = symbol === '' || symbol === String(schedule);
    const title = isNumber ? subscripted(spaced(name)) : `${symbol} · ${subscripted(spaced(name))}`;
    const prefix = /\s/.test(symbol) ? '' : `${symbol} = `;
    const value = weight === undefined ? undefined : isNumber ? `weight ${weight}` : `${prefix}${weight}`;
    return { id: `term ${name}`, kind: 'term', title, lines: lines(value) };
  }
}

function lines(...texts: readonly (string | undefined)[]): string[] {
  return texts.filter((text): text is string => text !== undefined && text !== '');
}
