import {describe, expect, it} from 'vitest'
import {httpAddress, hubNames} from '@/lib/formats/http/httpAddress'

const urls = (text: string) => httpAddress(text).places.map(({url}) => url)

describe('an address of the web', () => {
  it('names its file and its host', () => {
    expect(httpAddress(' https://example.org:8443/a/b%20c.pth?x=1#there ')).toEqual({
      name: 'b c.pth',
      host: 'example.org:8443',
      places: [{name: 'b c.pth', url: 'https://example.org:8443/a/b%20c.pth?x=1'}]
    })
    expect(httpAddress('https://example.org/').name).toBe('example.org')
    expect(httpAddress('https://example.org/%E0%A4%A').name).toBe('%E0%A4%A')
  })

  it.each([
    ['http://example.org/x.pth', 'starts with http://, which is not read from here; an https:// address is needed'],
    ['file:///etc/passwd', 'starts with file://'],
    ['javascript://x', 'starts with javascript://'],
    ['https://me:secret@example.org/x', 'example.org: its address holds a password; one without is needed'],
    ['https://', 'is no address'],
    ['', 'The address: is no address; https://… or owner/name of the hub is needed'],
    ['model.pth', 'model.pth: is no address'],
    ['../etc/passwd', 'is no address'],
    ['two words/x', 'is no address']
  ])('%s is refused', (text, sentence) => {
    expect(() => httpAddress(text)).toThrow(sentence)
  })

  it('may be plain http on this machine', () => {
    expect(urls('http://localhost:8000/x.pth')).toEqual(['http://localhost:8000/x.pth'])
    expect(urls('http://127.0.0.1:8000/x.pth')).toEqual(['http://127.0.0.1:8000/x.pth'])
  })

  it('is never shown with its password', () => {
    expect(() => httpAddress('https://me:secret@example.org/x')).not.toThrow('secret')
  })
})

describe('the shorthand of the hub', () => {
  const base = 'https://huggingface.co/owner/some.name/resolve/main'

  it('tries the names that weights go by, in order', () => {
    expect(httpAddress('owner/some.name')).toMatchObject({name: 'owner/some.name', host: 'huggingface.co'})
    expect(urls('owner/some.name')).toEqual(hubNames.map((name) => `${base}/${name}`))
    expect(hubNames.slice(0, 4)).toEqual([
      'model.safetensors',
      'pytorch_model.bin',
      'checkpoint.pth',
      'model.safetensors.index.json'
    ])
  })

  it.each([
    ['owner/some.name/fold 0/x.pth', `${base}/fold%200/x.pth`],
    ['owner/some.name@v1.2/x.pth', 'https://huggingface.co/owner/some.name/resolve/v1.2/x.pth'],
    ['https://huggingface.co/owner/some.name/blob/main/a/x.pth', `${base}/a/x.pth`],
    [`${base}/x.pth`, `${base}/x.pth`]
  ])('%s is one file', (text, url) => {
    expect(urls(text)).toEqual([url])
  })

  it.each(['https://huggingface.co/owner/some.name', 'https://huggingface.co/owner/some.name/tree/main'])(
    '%s means the same',
    (text) => expect(urls(text)).toEqual(urls('owner/some.name'))
  )

  it('needs a repository', () => {
    expect(() => httpAddress('https://huggingface.co/owner')).toThrow('names no repository')
  })
})
