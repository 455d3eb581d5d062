/** The platforms that packages are made for, each with the native parts that it needs and no others. */

/**
 * @typedef {object} Target
 * @property {string} canvas The package that holds the canvas's native part.
 * @property {string} koffi The package that holds koffi's native part, and its folder there.
 * @property {string} runtime The folder of ONNX Runtime's native parts inside onnxruntime-node.
 * @property {readonly string[]} libraries What of that folder the rungs of the device ladder use.
 * @property {RegExp} [packed] What is too large for a package's own compression, of native files and fonts: kernels unpack it.
 */

const LINUX = ['libonnxruntime.so.1', 'onnxruntime_binding.node'];

/**
 * By VS Code's names of the platforms. Left out of onnxruntime-node's folders are macOS's second copy of the same library
 * and Windows's DirectML, which is loaded for the provider `dml` alone and which no rung asks for, and DXC, a compiler of
 * shaders in place of Windows's own.
 *
 * @satisfies {Record<string, Target>}
 */
export const TARGETS = {
  'linux-x64': {
    canvas: '@napi-rs/canvas-linux-x64-gnu',
    koffi: '@koromix/koffi-linux-x64/linux_x64',
    runtime: 'bin/napi-v6/linux/x64',
    libraries: LINUX,
    packed: /\.(node|so\.1|ttf)$/,
  },
  'linux-arm64': {
    canvas: '@napi-rs/canvas-linux-arm64-gnu',
    koffi: '@koromix/koffi-linux-arm64/linux_arm64',
    runtime: 'bin/napi-v6/linux/arm64',
    libraries: LINUX,
  },
  'win32-x64': {
    canvas: '@napi-rs/canvas-win32-x64-msvc',
    koffi: '@koromix/koffi-win32-x64/win32_x64',
    runtime: 'bin/napi-v6/win32/x64',
    libraries: ['onnxruntime.dll', 'onnxruntime_binding.node'],
  },
  'darwin-arm64': {
    canvas: '@napi-rs/canvas-darwin-arm64',
    koffi: '@koromix/koffi-darwin-arm64/darwin_arm64',
    runtime: 'bin/napi-v6/darwin/arm64',
    libraries: ['libonnxruntime.1.dylib', 'onnxruntime_binding.node'],
  },
};

/** @typedef {keyof typeof TARGETS} TargetName */

export const TARGET_NAMES = /** @type {TargetName[]} */ (Object.keys(TARGETS));

/** The target of the machine that this runs on, if there is one. */
export function hostTarget() {
  return TARGET_NAMES.find((name) => name === `${process.platform}-${process.arch}`);
}
