/** Whether a file's name says that it holds tensors: among other files of a folder, those are opened. */
export const namesTensors = (name: string): boolean =>
  /\.(pt|pth|bin|ckpt|safetensors|npz|npy|gguf|onnx|pkl)$/i.test(name)
