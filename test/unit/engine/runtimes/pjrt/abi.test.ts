/** The table of structs and functions against the C header. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  ELEMENT_TYPES,
  FUNCTIONS,
  IMMUTABLE_ONLY_DURING_CALL,
  NAMED_VALUES,
  STRUCTS,
  type StructName,
} from '../../../../../kernel/engine/runtimes/pjrt/abi';
import { codeName } from '../../../../../kernel/engine/runtimes/pjrt/errors';
import { layoutOf } from '../../../../../kernel/engine/runtimes/pjrt/struct';

const HEADER = readFileSync(new URL('fixtures/pjrt_c_api.excerpt.h', import.meta.url), 'utf8');

/** Fields of a struct in C, [type, name]; a union counts as its widest member, as `value`, a function as a pointer. */
function fieldsOf(struct: string): [string, string][] {
  const body = new RegExp(`struct ${struct} \\{([^}]*(?:\\{[^}]*\\}[^}]*)?)\\n\\};`).exec(HEADER)![1]!;
  const declarations = body
    .replace(/union \{[^}]*\}/, 'int64_t value')
    .replace(/void \(\*(\w+)\)\s*\([^)]*\)/, 'void* $1')
    .split(';')
    .slice(0, -1);
  return declarations.map((declaration) => {
    const [, type, name] = /^\s*(.*?)(\w+)\s*$/s.exec(declaration)!;
    return [type!.trim(), name!];
  });
}

/** What a 64-bit compiler makes of the type. */
function sizeOf(type: string): number {
  if (type.endsWith('*') || type.endsWith('Callback')) return 8;
  if (type === 'bool') return 1;
  return type === 'size_t' || type === 'int64_t' ? 8 : 4;
}

/** The members of an enumeration, by what is behind their common prefix. */
function enumeration(name: string, prefix: string): Record<string, number> {
  const body = new RegExp(`typedef enum \\{([^}]*)\\} ${name};`).exec(HEADER)![1]!;
  let next = 0;
  const members = body.split(',').flatMap((member) => {
    const [, label, value] = /(\w+)(?:\s*=\s*(\d+))?/.exec(member) ?? [];
    if (label === undefined) return [];
    const number = value === undefined ? next : Number(value);
    next = number + 1;
    return [[label.replace(prefix, ''), number] as const];
  });
  return Object.fromEntries(members);
}

describe('the C API', () => {
  it.each(Object.keys(STRUCTS) as StructName[])('%s has the header’s fields where the header has them', (name) => {
    let end = 0;
    const offsets: Record<string, number> = {};
    for (const [type, field] of fieldsOf(name)) {
      const size = sizeOf(type);
      offsets[field] = Math.ceil(end / size) * size;
      end = offsets[field] + size;
    }
    expect(layoutOf(name)).toEqual({ offsets, size: end });
  });

  it('has the header’s functions, in its order', () => {
    const table = [...HEADER.matchAll(/_PJRT_API_STRUCT_FIELD\((\w+)\)/g)].map(([, name]) => name);
    expect(FUNCTIONS).toEqual(table.slice(0, FUNCTIONS.length));
    expect(table.length).toBeGreaterThan(FUNCTIONS.length);
  });

  it('has the header’s numbers', () => {
    const { PRED, S32, F32 } = enumeration('PJRT_Buffer_Type', 'PJRT_Buffer_Type_');
    expect(ELEMENT_TYPES).toEqual({ bool: PRED, int32: S32, float32: F32 });
    const { kString, kInt64, kFloat, kBool } = enumeration('PJRT_NamedValue_Type', 'PJRT_NamedValue_');
    expect(NAMED_VALUES).toEqual({ string: kString, int64: kInt64, float: kFloat, bool: kBool });
    const semantics = enumeration('PJRT_HostBufferSemantics', 'PJRT_HostBufferSemantics_k');
    expect(IMMUTABLE_ONLY_DURING_CALL).toBe(semantics['ImmutableOnlyDuringCall']);
    for (const [name, code] of Object.entries(enumeration('PJRT_Error_Code', 'PJRT_Error_Code_'))) {
      expect(codeName(code)).toBe(name);
    }
  });
});
