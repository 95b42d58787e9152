import {drawnCard} from '@/components/shared/drawnCard'
import {storedPicture} from '@/lib/share/store/storedPicture'

interface Context {
  readonly params: Promise<{readonly id: string}>
}

/** The picture that stands beside the link of a stored explanation: its own ranking and map. */
export async function GET(request: Request, {params}: Context) {
  return storedPicture(request, (await params).id, drawnCard)
}
