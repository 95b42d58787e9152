import type {EngineCalls} from './calls'
import {type Port, serve} from './rpc'
import {engineService} from './service'

// The worker's entry. Its global scope is a port, which the DOM's types do not know.
serve<EngineCalls>(self as unknown as Port, engineService())
