"""Writes the Parquet files beside it, of every type, encoding and compression, with pyarrow (made by 26.0.1).

Row i of n: i or what the type makes of it; `holes` lacks every third. The tests know the same rules.
"""
import datetime
import decimal
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

N = 300
I = range(N)
EPOCH = datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc)

columns = {
    'i8': pa.array([i % 100 - 50 for i in I], pa.int8()),
    'i16': pa.array([i * 3 - 400 for i in I], pa.int16()),
    'i32': pa.array([i * 1000 - 7 for i in I], pa.int32()),
    'i64': pa.array([i * -1000 for i in I], pa.int64()),
    'u8': pa.array([i % 256 for i in I], pa.uint8()),
    'u16': pa.array([65535 - i for i in I], pa.uint16()),
    'u32': pa.array([2**24 + 2 * i for i in I], pa.uint32()),
    'u64': pa.array([i for i in I], pa.uint64()),
    'f16': pa.array(np.arange(N, dtype=np.float16) / 4, pa.float16()),
    'f32': pa.array([i / 3 for i in I], pa.float32()),
    'f64': pa.array([-i / 7 for i in I], pa.float64()),
    'flag': pa.array([i % 5 == 0 for i in I], pa.bool_()),
    'money': pa.array([decimal.Decimal(i) / 100 - 1 for i in I], pa.decimal128(12, 2)),
    'day': pa.array([datetime.date(1970, 1, 1) + datetime.timedelta(days=i) for i in I], pa.date32()),
    'holes': pa.array([None if i % 3 == 0 else i / 2 for i in I], pa.float64()),
    'pair': pa.array([[i, -i] for i in I], pa.list_(pa.float32())),
    'triple': pa.array([[i, None, 2 * i] for i in I], pa.list_(pa.int32())),
    'kind': pa.array([['red', 'green', 'blué'][i % 3] for i in I], pa.string()),
}
table = pa.table(columns)
folder = sys.argv[1]

for codec in ['none', 'snappy', 'gzip', 'brotli', 'zstd', 'lz4']:
    for version in ['1.0', '2.0']:
        pq.write_table(table, f'{folder}/{codec}-v{version[0]}.parquet', compression=codec, data_page_version=version,
                       row_group_size=170, data_page_size=512)

encodings = {
    'delta': {**{c: 'DELTA_BINARY_PACKED' for c in ['i8', 'i16', 'i32', 'i64', 'u8', 'u16', 'u32', 'u64', 'day']},
              'kind': 'DELTA_LENGTH_BYTE_ARRAY', 'flag': 'RLE'},
    'split': {**{c: 'BYTE_STREAM_SPLIT' for c in ['i32', 'i64', 'f16', 'f32', 'f64', 'holes', 'money']}, 'kind': 'DELTA_BYTE_ARRAY'},
    'plain': {c: 'PLAIN' for c in columns if c not in ('pair', 'triple')},
}
for name, chosen in encodings.items():
    pq.write_table(table, f'{folder}/{name}.parquet', use_dictionary=False, column_encoding=chosen, compression='none')

instants = {
    'ms': pa.array([EPOCH + datetime.timedelta(seconds=i) for i in I], pa.timestamp('ms')),
    'us': pa.array([EPOCH + datetime.timedelta(seconds=i) for i in I], pa.timestamp('us')),
    'ns': pa.array([EPOCH + datetime.timedelta(seconds=i) for i in I], pa.timestamp('ns')),
    'x': pa.array([i / 2 for i in I], pa.float32()),
}
pq.write_table(pa.table(instants), f'{folder}/instants.parquet')
pq.write_table(pa.table(instants), f'{folder}/int96.parquet', use_deprecated_int96_timestamps=True)
nested = {'x': columns['f32'], 'point': pa.array([{'a': i, 'b': i} for i in I]), 'ragged': pa.array([[1.0] * (i % 3 + 1) for i in I])}
pq.write_table(pa.table(nested), f'{folder}/nested.parquet')
