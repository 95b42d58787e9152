'use client'

import {type FormEvent, useId, useState} from 'react'
import {Dialog} from '@/components/controls/Dialog'
import {useSession, useStores} from '@/components/stores'
import type {OpenQuestion, Settings} from '@/lib/models/family'

/** What the file did not say, with what was taken; every answer can be changed. */
export function SettingsQuestions({onClose}: {onClose: () => void}) {
  const {session} = useStores()
  // The modules of a file are chosen where they are listed.
  const questions = useSession(({questions}) => questions).filter(({setting}) => setting !== 'module')
  const [picked, setPicked] = useState<readonly number[]>(questions.map(({chosen}) => chosen))
  const changed = questions.some(({chosen}, index) => picked[index] !== chosen)
  const apply = (event: FormEvent) => {
    event.preventDefault()
    onClose()
    if (changed) session.getState().answer(answersOf(questions, picked))
  }
  return (
    <Dialog title="What the file does not say" onClose={onClose}>
      <p className="lede">
        A state dict holds numbers, not how they are used. This was taken; the figure follows a change.
      </p>
      <form onSubmit={apply}>
        {questions.map((question, index) => (
          <QuestionField
            key={question.text}
            question={question}
            picked={picked[index] ?? question.chosen}
            onPick={(option) => setPicked(picked.with(index, option))}
          />
        ))}
        <div className="actions">
          <button type="submit" className="button primary">
            {changed ? 'Apply' : 'Keep as it is'}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

/** Both readings of an input fit: one must be chosen, or the file let go. */
export function LayoutQuestion({question}: {question: OpenQuestion}) {
  const {session} = useStores()
  const [picked, setPicked] = useState(question.chosen)
  const {answer, cancel} = session.getState()
  const use = (event: FormEvent) => {
    event.preventDefault()
    answer(question.options[picked]?.value ?? {})
  }
  return (
    <Dialog title="Two readings fit" onClose={cancel}>
      <form onSubmit={use}>
        <QuestionField question={question} picked={picked} onPick={setPicked} />
        <div className="actions">
          <button type="submit" className="button primary">
            Use this reading
          </button>
          <button type="button" className="button" onClick={cancel}>
            Leave the file
          </button>
        </div>
      </form>
    </Dialog>
  )
}

interface QuestionFieldProps {
  question: OpenQuestion
  picked: number
  onPick: (option: number) => void
}

function QuestionField({question: {text, options}, picked, onPick}: QuestionFieldProps) {
  const name = useId()
  return (
    <fieldset className="question">
      <legend>{text}</legend>
      {options.map(({label}, index) => (
        <label key={label}>
          <input type="radio" name={name} checked={index === picked} onChange={() => onPick(index)} />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  )
}

/** What was answered otherwise than before. */
function answersOf(questions: readonly OpenQuestion[], picked: readonly number[]): Settings {
  const changed = questions.flatMap(({options, chosen}, index) => {
    const option = picked[index] ?? chosen
    return option === chosen ? [] : [options[option]?.value ?? {}]
  })
  return Object.assign({}, ...changed)
}
