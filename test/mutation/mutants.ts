import ts from 'typescript';

/** One change of a source file that a test should notice. */
export interface Mutant {
  /** From 1. */
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly from: string;
  readonly to: string;
}

const OPERATORS: Readonly<Record<string, string>> = {
  ...{ '<': '<=', '<=': '<', '>': '>=', '>=': '>' },
  ...{ '===': '!==', '!==': '===', '&&': '||', '||': '&&', '+': '-', '-': '+' },
};
const METHODS: Readonly<Record<string, string>> = {
  ...{ some: 'every', every: 'some', min: 'max', max: 'min' },
  ...{ reduceRight: 'reduce', startsWith: 'endsWith', flatMap: 'map' },
};

type Planted = readonly [node: ts.Node, to: string];

/** Every small fault that can be planted in a source file: operators, conditions, negations, truths and some methods. */
export function mutantsOf(text: string): readonly Mutant[] {
  const source = ts.createSourceFile('rules.ts', text, ts.ScriptTarget.Latest, true);
  const found: Mutant[] = [];
  const visit = (node: ts.Node): void => {
    // Types do nothing at run time.
    if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isImportDeclaration(node))
      return;
    for (const [at, to] of faultsAt(node)) {
      const [start, end] = [at.getStart(source), at.end];
      const line = source.getLineAndCharacterOfPosition(start).line + 1;
      found.push({ line, start, end, from: text.slice(start, end), to });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function faultsAt(node: ts.Node): readonly Planted[] {
  if (ts.isBinaryExpression(node)) return swapped(node.operatorToken, OPERATORS);
  if (ts.isPropertyAccessExpression(node)) return isCalled(node) ? swapped(node.name, METHODS) : [];
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
    return [[node, node.operand.getText()]];
  if (ts.isIfStatement(node)) return decided(node.expression);
  if (ts.isConditionalExpression(node)) return decided(node.condition);
  if (node.kind === ts.SyntaxKind.TrueKeyword) return [[node, 'false']];
  return node.kind === ts.SyntaxKind.FalseKeyword ? [[node, 'true']] : [];
}

function swapped(node: ts.Node, others: Readonly<Record<string, string>>): readonly Planted[] {
  const to = others[node.getText()];
  return to === undefined ? [] : [[node, to]];
}

function isCalled(node: ts.PropertyAccessExpression): boolean {
  return ts.isCallExpression(node.parent) && node.parent.expression === node;
}

function decided(condition: ts.Expression): readonly Planted[] {
  const text = condition.getText();
  return [
    [condition, `(true || ${text})`],
    [condition, `(false && ${text})`],
  ];
}

/** The text with one fault planted. */
export function withMutant(text: string, { start, end, to }: Mutant): string {
  return text.slice(0, start) + to + text.slice(end);
}
