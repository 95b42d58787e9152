import type {PickleWorld, Rebuild} from '../pickle/machine'

// What a TorchScript pickle names beside tensors (torch/csrc/jit/serialization/pickler.cpp): its lists carry their
// type.
const typedLists = ['intlist', 'doublelist', 'boollist', 'tensorlist']

/**
 * A checkpoint's world, and the classes of the script's own modules: records of their attributes, as harmless as a
 * dictionary.
 */
export function scriptWorld(world: PickleWorld): PickleWorld {
  const first: Rebuild = ([value = null]) => value
  const lists = typedLists.map((kind): [string, Rebuild] => [`torch.jit._pickle.build_${kind}`, first])
  return {
    ...world,
    known: new Map([...world.known, ...lists, ['torch.jit._pickle.restore_type_tag', first]]),
    isPassive: (global) => global.startsWith('__torch__.') || world.isPassive?.(global) === true
  }
}
