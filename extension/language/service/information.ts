/** What stands in hovers, signature help and inlay hints. */
import ts from 'typescript';
import type { Hint, Hover, Signature, SignatureHelp, Span } from '../protocol';
import { documentationOf, markdownOf, plain } from './docs';
import type { Formulas } from './formulas';
import { positionIn, rangeInCell, type At } from './positions';

export function hover({ project, module, position }: At, formulas: Formulas): Hover | undefined {
  const info = project.service.getQuickInfoAtPosition(module.file, position);
  const range = info && rangeInCell(module, info.textSpan);
  if (!range) return undefined;
  const reference = referenceOf(project.service.getDefinitionAtPosition(module.file, position));
  return { ...documentationOf(info, formulas), range, ...(reference !== undefined && { reference }) };
}

/** Types of the library lie there, in a checkout and in an installation. */
const LIBRARY = /[\\/]dist[\\/]types[\\/]/;

/** What the library's reference calls it. */
function referenceOf(definitions: readonly ts.DefinitionInfo[] | undefined): string | undefined {
  const definition = definitions?.find(({ fileName }) => LIBRARY.test(fileName));
  if (!definition || !/^[\w$]+$/.test(definition.name)) return undefined;
  const { name, containerName } = definition;
  return /^[\w$]+$/.test(containerName) ? `${containerName}.${name}` : name;
}

export function signatureHelp({ project, module, position }: At, formulas: Formulas): SignatureHelp | undefined {
  const help = project.service.getSignatureHelpItems(module.file, position, undefined);
  if (!help) return undefined;
  return {
    signatures: help.items.map((item) => signatureOf(item, formulas)),
    active: help.selectedItemIndex,
    activeParameter: help.argumentIndex,
  };
}

function signatureOf(item: ts.SignatureHelpItem, formulas: Formulas): Signature {
  const parameters: Signature['parameters'] = [];
  let label = ts.displayPartsToString(item.prefixDisplayParts);
  item.parameters.forEach((parameter, i) => {
    if (i > 0) label += ts.displayPartsToString(item.separatorDisplayParts);
    const text = ts.displayPartsToString(parameter.displayParts);
    const range: [number, number] = [label.length, label.length + text.length];
    parameters.push({ label: range, markdown: formulas.drawn(plain(parameter.documentation)) });
    label += text;
  });
  label += ts.displayPartsToString(item.suffixDisplayParts);
  const tags = item.tags.filter(({ name }) => name !== 'param');
  return { label, markdown: markdownOf(item.documentation, tags, formulas), parameters };
}

const HINTS: ts.UserPreferences = {
  includeInlayParameterNameHints: 'literals',
  includeInlayVariableTypeHints: true,
  includeInlayVariableTypeHintsWhenTypeMatchesName: false,
  includeInlayFunctionLikeReturnTypeHints: true,
  includeInlayFunctionParameterTypeHints: true,
  includeInlayEnumMemberValueHints: true,
};

export function hints({ project, module }: Omit<At, 'position'>, range: Span): Hint[] {
  const span = { start: range.start + module.shift, length: range.length };
  return project.service.provideInlayHints(module.file, span, HINTS).flatMap((hint) => {
    const place = module.inCell({ start: hint.position, length: 0 });
    if (!place) return [];
    return {
      position: positionIn(module.cell.text, place.start),
      text: hint.displayParts ? hint.displayParts.map(({ text }) => text).join('') : hint.text,
      kind:
        hint.kind === ts.InlayHintKind.Type ? 'type' : hint.kind === ts.InlayHintKind.Parameter ? 'parameter' : 'other',
      padLeft: hint.whitespaceBefore ?? false,
      padRight: hint.whitespaceAfter ?? false,
    };
  });
}
