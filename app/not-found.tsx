import type {Metadata} from 'next'
import '@/app/styles/sharedPage.css'

export const metadata: Metadata = {title: 'Not found · Density Lens', robots: {index: false}}

/** What stands at an address that leads nowhere, or nowhere any more. */
export default function NotFound() {
  return (
    <main className="shared-page">
      <p className="shared-from">Density Lens</p>
      <h1>Nothing is kept at this address</h1>
      <p>
        A stored explanation has an expiry date, and whoever shared it can delete it before. If the address was typed or
        cut in a message, ask for the link again.
      </p>
      <p>
        {/* A full load, as the brand's in the bar. */}
        <a href="/">Open the workbench</a>
      </p>
    </main>
  )
}
