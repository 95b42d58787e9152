import {
  add,
  dispose,
  matMul,
  mul,
  reshape,
  slice,
  sub,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tanh,
  tensor2d,
  tidy,
  zeros
} from '@tensorflow/tfjs-core'

/** σ(x), by the one operation that the bundled backends have for both. */
const sigmoid = (x: Tensor): Tensor => add(mul(tanh(mul(x, 0.5)), 0.5), 0.5)

/** Weights (embedding, 4 × state) and (state, 4 × state), the bias (4 × state); gates side by side in `gates` order. */
export interface LstmTensors {
  readonly input: Tensor2D
  readonly state: Tensor2D
  readonly bias: Tensor | null
}

export interface LstmForm {
  /** The order of input, forget and output gate and what goes in: torch.nn.LSTM's is ifgo, the released code's ifog. */
  readonly gates: 'ifgo' | 'ifog'
  /** `tanh`: h = o · tanh(c), as torch.nn.LSTM; `cell`: h = o · c, as the released code of SAN with use_tanh off. */
  readonly output: 'tanh' | 'cell'
}

/**
 * The last state (n, state) that an LSTM reaches from nothing over x (n, places, embedding), of which each row counts as
 * far as its length and what follows changes nothing (Hochreiter and Schmidhuber, 1997, with a forget gate):
 *
 *     i, f, o = σ(x W + h U + b),  g = tanh(x W + h U + b),  c ← i · g + f · c,  h ← o · tanh(c)
 *
 * Call inside tidy.
 */
export function lstm(
  x: Tensor3D,
  lengths: readonly number[],
  {input, state, bias}: LstmTensors,
  {gates, output}: LstmForm
): Tensor2D {
  const [n, , embedding] = x.shape
  const width = state.shape[0]
  let h: Tensor2D = zeros([n, width])
  let c: Tensor2D = zeros([n, width])
  for (let place = 0; place < Math.max(...lengths); place++) {
    const [nextH, nextC] = tidy((): [Tensor2D, Tensor2D] => {
      const at = reshape(slice(x, [0, place, 0], [n, 1, embedding]), [n, embedding])
      const sum = add(matMul(at, input), matMul(h, state))
      const all = bias ? add(sum, bias) : sum
      const gate = (name: string) => slice(all, [0, width * gates.indexOf(name)], [n, width])
      const kept = add(mul(sigmoid(gate('i')), tanh(gate('g'))), mul(sigmoid(gate('f')), c))
      const out = mul(sigmoid(gate('o')), output === 'tanh' ? tanh(kept) : kept)
      if (lengths.every((length) => length > place)) return [out as Tensor2D, kept as Tensor2D]
      const on = tensor2d(
        lengths.map((length) => (length > place ? 1 : 0)),
        [n, 1]
      )
      const chosen = (next: Tensor, before: Tensor) => add(mul(on, next), mul(sub(1, on), before)) as Tensor2D
      return [chosen(out, h), chosen(kept, c)]
    })
    dispose([h, c])
    h = nextH
    c = nextC
  }
  return h
}
