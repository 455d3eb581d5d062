/** Small pieces of syntax trees that compilers make. */
import ts from 'typescript';

/** Gives a new node the source position of the one it stands for. */
export function at<T extends ts.Node>(node: T, original: ts.Node): T {
  return ts.setTextRange(ts.setOriginalNode(node, original), original);
}
