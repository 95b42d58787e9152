/** Runs once, before the server answers. */
export async function register() {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const {notePeers} = await import('@/lib/share/store/peerAddress')
  notePeers()
}
