import {expect, it} from 'vitest'
import {version} from '@/lib/engine/version'
import manifest from '@/package.json'

it('explanations are signed with the version of the package', () => expect(version).toBe(manifest.version))
