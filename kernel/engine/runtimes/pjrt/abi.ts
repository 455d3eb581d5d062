/**
 * PJRT's C API as its header `pjrt_c_api.h` has it (OpenXLA, Apache-2.0; read at version 0.81): the functions in their
 * order in the table `PJRT_Api`, and the structs that they take. Table and structs only ever grow at their ends, so what
 * stands here serves older plugins that have all of it, and newer ones.
 */

/** Up to the last one that is called. */
export const FUNCTIONS = [
  'PJRT_Error_Destroy',
  'PJRT_Error_Message',
  'PJRT_Error_GetCode',
  'PJRT_Plugin_Initialize',
  'PJRT_Plugin_Attributes',
  'PJRT_Event_Destroy',
  'PJRT_Event_IsReady',
  'PJRT_Event_Error',
  'PJRT_Event_Await',
  'PJRT_Event_OnReady',
  'PJRT_Client_Create',
  'PJRT_Client_Destroy',
  'PJRT_Client_PlatformName',
  'PJRT_Client_ProcessIndex',
  'PJRT_Client_PlatformVersion',
  'PJRT_Client_Devices',
  'PJRT_Client_AddressableDevices',
  'PJRT_Client_LookupDevice',
  'PJRT_Client_LookupAddressableDevice',
  'PJRT_Client_AddressableMemories',
  'PJRT_Client_Compile',
  'PJRT_Client_DefaultDeviceAssignment',
  'PJRT_Client_BufferFromHostBuffer',
  'PJRT_DeviceDescription_Id',
  'PJRT_DeviceDescription_ProcessIndex',
  'PJRT_DeviceDescription_Attributes',
  'PJRT_DeviceDescription_Kind',
  'PJRT_DeviceDescription_DebugString',
  'PJRT_DeviceDescription_ToString',
  'PJRT_Device_GetDescription',
  'PJRT_Device_IsAddressable',
  'PJRT_Device_LocalHardwareId',
  'PJRT_Device_AddressableMemories',
  'PJRT_Device_DefaultMemory',
  'PJRT_Device_MemoryStats',
  'PJRT_Memory_Id',
  'PJRT_Memory_Kind',
  'PJRT_Memory_DebugString',
  'PJRT_Memory_ToString',
  'PJRT_Memory_AddressableByDevices',
  'PJRT_Executable_Destroy',
  'PJRT_Executable_Name',
  'PJRT_Executable_NumReplicas',
  'PJRT_Executable_NumPartitions',
  'PJRT_Executable_NumOutputs',
  'PJRT_Executable_SizeOfGeneratedCodeInBytes',
  'PJRT_Executable_GetCostAnalysis',
  'PJRT_Executable_OutputMemoryKinds',
  'PJRT_Executable_OptimizedProgram',
  'PJRT_Executable_Serialize',
  'PJRT_LoadedExecutable_Destroy',
  'PJRT_LoadedExecutable_GetExecutable',
  'PJRT_LoadedExecutable_AddressableDevices',
  'PJRT_LoadedExecutable_Delete',
  'PJRT_LoadedExecutable_IsDeleted',
  'PJRT_LoadedExecutable_Execute',
  'PJRT_Executable_DeserializeAndLoad',
  'PJRT_LoadedExecutable_Fingerprint',
  'PJRT_Buffer_Destroy',
  'PJRT_Buffer_ElementType',
  'PJRT_Buffer_Dimensions',
  'PJRT_Buffer_UnpaddedDimensions',
  'PJRT_Buffer_DynamicDimensionIndices',
  'PJRT_Buffer_GetMemoryLayout',
  'PJRT_Buffer_OnDeviceSizeInBytes',
  'PJRT_Buffer_Device',
  'PJRT_Buffer_Memory',
  'PJRT_Buffer_Delete',
  'PJRT_Buffer_IsDeleted',
  'PJRT_Buffer_CopyToDevice',
  'PJRT_Buffer_ToHostBuffer',
] as const;

/** What a field holds; pointers, sizes and `int64_t` are eight bytes wide. */
export type Kind = 'pointer' | 'size' | 'int64' | 'int' | 'bool';

/** Behind `struct_size` and `extension_start`, with which every struct begins. */
export const STRUCTS = {
  PJRT_Api_Version: { major_version: 'int', minor_version: 'int' },

  PJRT_Error_Destroy_Args: { error: 'pointer' },
  PJRT_Error_Message_Args: { error: 'pointer', message: 'pointer', message_size: 'size' },
  PJRT_Error_GetCode_Args: { error: 'pointer', code: 'int' },

  PJRT_Plugin_Initialize_Args: {},
  PJRT_Event_Destroy_Args: { event: 'pointer' },
  PJRT_Event_Await_Args: { event: 'pointer' },

  PJRT_NamedValue: { name: 'pointer', name_size: 'size', type: 'int', value: 'int64', value_size: 'size' },
  PJRT_Client_Create_Args: {
    create_options: 'pointer',
    num_options: 'size',
    kv_get_callback: 'pointer',
    kv_get_user_arg: 'pointer',
    kv_put_callback: 'pointer',
    kv_put_user_arg: 'pointer',
    client: 'pointer',
    kv_try_get_callback: 'pointer',
    kv_try_get_user_arg: 'pointer',
  },
  PJRT_Client_Destroy_Args: { client: 'pointer' },
  PJRT_Client_PlatformName_Args: { client: 'pointer', platform_name: 'pointer', platform_name_size: 'size' },
  PJRT_Client_PlatformVersion_Args: { client: 'pointer', platform_version: 'pointer', platform_version_size: 'size' },
  PJRT_Client_AddressableDevices_Args: {
    client: 'pointer',
    addressable_devices: 'pointer',
    num_addressable_devices: 'size',
  },

  PJRT_Device_GetDescription_Args: { device: 'pointer', device_description: 'pointer' },
  PJRT_DeviceDescription_Kind_Args: { device_description: 'pointer', device_kind: 'pointer', device_kind_size: 'size' },
  PJRT_Device_MemoryStats_Args: {
    device: 'pointer',
    bytes_in_use: 'int64',
    peak_bytes_in_use: 'int64',
    peak_bytes_in_use_is_set: 'bool',
    num_allocs: 'int64',
    num_allocs_is_set: 'bool',
    largest_alloc_size: 'int64',
    largest_alloc_size_is_set: 'bool',
    bytes_limit: 'int64',
    bytes_limit_is_set: 'bool',
    bytes_reserved: 'int64',
    bytes_reserved_is_set: 'bool',
    peak_bytes_reserved: 'int64',
    peak_bytes_reserved_is_set: 'bool',
    bytes_reservable_limit: 'int64',
    bytes_reservable_limit_is_set: 'bool',
    largest_free_block_bytes: 'int64',
    largest_free_block_bytes_is_set: 'bool',
    pool_bytes: 'int64',
    pool_bytes_is_set: 'bool',
    peak_pool_bytes: 'int64',
    peak_pool_bytes_is_set: 'bool',
  },

  PJRT_Program: { code: 'pointer', code_size: 'size', format: 'pointer', format_size: 'size' },
  PJRT_Client_Compile_Args: {
    client: 'pointer',
    program: 'pointer',
    compile_options: 'pointer',
    compile_options_size: 'size',
    executable: 'pointer',
  },
  PJRT_ExecuteOptions: {
    send_callbacks: 'pointer',
    recv_callbacks: 'pointer',
    num_send_ops: 'size',
    num_recv_ops: 'size',
    launch_id: 'int',
    non_donatable_input_indices: 'pointer',
    num_non_donatable_input_indices: 'size',
    context: 'pointer',
    call_location: 'pointer',
    num_tasks: 'size',
    task_ids: 'pointer',
    incarnation_ids: 'pointer',
  },
  PJRT_LoadedExecutable_Execute_Args: {
    executable: 'pointer',
    options: 'pointer',
    argument_lists: 'pointer',
    num_devices: 'size',
    num_args: 'size',
    output_lists: 'pointer',
    device_complete_events: 'pointer',
    execute_device: 'pointer',
  },
  PJRT_LoadedExecutable_Destroy_Args: { executable: 'pointer' },
  PJRT_LoadedExecutable_GetExecutable_Args: { loaded_executable: 'pointer', executable: 'pointer' },
  PJRT_Executable_NumOutputs_Args: { executable: 'pointer', num_outputs: 'size' },
  PJRT_Executable_Destroy_Args: { executable: 'pointer' },
  PJRT_Executable_Serialize_Args: {
    executable: 'pointer',
    serialized_bytes: 'pointer',
    serialized_bytes_size: 'size',
    serialized_executable: 'pointer',
    serialized_executable_deleter: 'pointer',
  },
  PJRT_Executable_DeserializeAndLoad_Args: {
    client: 'pointer',
    serialized_executable: 'pointer',
    serialized_executable_size: 'size',
    loaded_executable: 'pointer',
    overridden_serialized_compile_options: 'pointer',
    overridden_serialized_compile_options_size: 'size',
  },

  PJRT_Client_BufferFromHostBuffer_Args: {
    client: 'pointer',
    data: 'pointer',
    type: 'int',
    dims: 'pointer',
    num_dims: 'size',
    byte_strides: 'pointer',
    num_byte_strides: 'size',
    host_buffer_semantics: 'int',
    device: 'pointer',
    memory: 'pointer',
    device_layout: 'pointer',
    done_with_host_buffer: 'pointer',
    buffer: 'pointer',
  },
  PJRT_Buffer_ToHostBuffer_Args: {
    src: 'pointer',
    host_layout: 'pointer',
    dst: 'pointer',
    dst_size: 'size',
    event: 'pointer',
  },
  PJRT_Buffer_Destroy_Args: { buffer: 'pointer' },
} as const satisfies Record<string, Readonly<Record<string, Kind>>>;

export type FunctionName = (typeof FUNCTIONS)[number];
export type StructName = keyof typeof STRUCTS;
/** A function that is called: one whose arguments stand above. */
export type Callable = { [F in FunctionName]: `${F}_Args` extends StructName ? F : never }[FunctionName];
export type FieldOf<S extends StructName> = keyof (typeof STRUCTS)[S] & string;

/** `PJRT_Buffer_Type` of the elements that programs hold. */
export const ELEMENT_TYPES = { bool: 1, int32: 4, float32: 11 } as const;
/** `PJRT_HostBufferSemantics`: the plugin has copied the elements when the call returns. */
export const IMMUTABLE_ONLY_DURING_CALL = 0;
/** `PJRT_NamedValue_Type` */
export const NAMED_VALUES = { string: 0, int64: 1, float: 3, bool: 4 } as const;
/** `PJRT_Api`: its own size and extensions, then its version. */
export const API_VERSION_AT = 16;
