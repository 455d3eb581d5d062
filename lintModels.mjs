import ts from 'typescript';

/** What every model may extend; a family may put one abstract class of its own between. */
const BASES = ['Model', 'Autoencoder'];

/** A preset names itself in captions. */
const STATED = ['title'];

/** @param {ts.ClassDeclaration} declaration */
const nameOf = (declaration) => declaration.name?.text ?? 'a class';

/**
 * @param {ts.Declaration} declaration
 * @param {ts.ModifierFlags} flag
 */
const has = (declaration, flag) => (ts.getCombinedModifierFlags(declaration) & flag) !== 0;

/**
 * The class declarations that this one extends, nearest first.
 *
 * @param {ts.TypeChecker} checker
 * @param {ts.ClassDeclaration} declaration
 * @returns {ts.ClassDeclaration[]}
 */
function ancestorsOf(checker, declaration) {
  const clause = declaration.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword);
  const extended = clause?.types[0];
  const symbol = extended && checker.getTypeAtLocation(extended).getSymbol();
  const base = symbol?.declarations?.find(ts.isClassDeclaration);
  return base ? [base, ...ancestorsOf(checker, base)] : [];
}

/**
 * What a class does beside composing, where it extends a model that can be used by itself.
 *
 * @param {ts.ClassDeclaration} declaration
 */
function beside(declaration) {
  return declaration.members.flatMap((member) => {
    const key = member.name?.getText() ?? '';
    if (ts.isConstructorDeclaration(member) || has(member, ts.ModifierFlags.Static) || STATED.includes(key)) return [];
    if (ts.isPropertyDeclaration(member)) return [`its field "${key}" is state`];
    return has(member, ts.ModifierFlags.Override) ? [`it overrides "${key}"`] : [];
  });
}

/**
 * Keeps the models' classes shallow: at most one abstract class stands between {@link BASES} and a public class, and
 * what extends a concrete model is a preset, which composes and states nothing: no field beside its title, no override.
 *
 * @type {import('eslint').Rule.RuleModule}
 */
const shallow = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    /** @type {import('@typescript-eslint/parser').ParserServicesWithTypeInformation} */
    const services = context.sourceCode.parserServices;
    const checker = services.program.getTypeChecker();
    return {
      ClassDeclaration(node) {
        const declaration = services.esTreeNodeToTSNodeMap.get(/** @type {never} */ (node));
        if (!ts.isClassDeclaration(declaration)) return;
        const [base, ...others] = ancestorsOf(checker, declaration);
        if (!base || ![base, ...others].some((one) => nameOf(one) === 'Model')) return;
        const name = nameOf(declaration);
        const between = [base, ...others].filter(
          (one) => has(one, ts.ModifierFlags.Abstract) && !BASES.includes(nameOf(one)),
        );
        if (between.length > 1) {
          const message = `${name} has ${between.map(nameOf).join(' and ')} between it and Model; one class is the most.`;
          context.report({ node, message });
        }
        if (has(base, ts.ModifierFlags.Abstract)) return;
        for (const problem of beside(declaration)) {
          const message = `${name} extends ${nameOf(base)}, which is a model by itself; compose it: ${problem}.`;
          context.report({ node, message });
        }
      },
    };
  },
};

export default { rules: { shallow } };
