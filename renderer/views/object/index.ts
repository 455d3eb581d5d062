/** A value with what it holds, as a tree. */
import { defineValueView } from '../../view';
import { objectSchema } from './model';
import { ObjectTree } from './object';

export const view = defineValueView(objectSchema, (context, first) => Promise.resolve(new ObjectTree(context, first)));
