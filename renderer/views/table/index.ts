/** Records as a table that is paged and sorted. */
import * as z from '../../schema';
import type { TableView } from '../../../kernel/views/types';
import { viewBase } from '../../data';
import { defineValueView } from '../../view';
import { RecordTable } from './table';

const schema: z.Schema<TableView> = z.object({
  ...viewBase,
  columns: z.array(z.object({ name: z.string(), numeric: z.boolean() })),
  rows: z.array(z.array(z.union([z.string(), z.number(), z.boolean(), z.null()]))),
  total: z.number(),
  data: z.optional(z.string()),
});

export const view = defineValueView(schema, (context, first) => Promise.resolve(new RecordTable(context, first)));
