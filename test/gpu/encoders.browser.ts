import {encoderCases} from '../models/encoders/encoders.cases'

encoderCases('webgpu')
