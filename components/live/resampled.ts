/** A sound at another rate, `samples` long; cut or filled with silence at its end. */
export async function resampled(
  values: Float32Array<ArrayBuffer>,
  from: number,
  to: {readonly sampleRate: number; readonly samples: number}
): Promise<Float32Array<ArrayBuffer>> {
  const context = new OfflineAudioContext(1, to.samples, to.sampleRate)
  const buffer = new AudioBuffer({length: values.length, sampleRate: from})
  buffer.copyToChannel(values, 0)
  const source = new AudioBufferSourceNode(context, {buffer})
  source.connect(context.destination)
  source.start()
  const rendered = await context.startRendering()
  return rendered.getChannelData(0).slice()
}
