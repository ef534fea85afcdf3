// Suggests the register's own names of training providers while one types. The page's plain input is replaced once the
// names are here; where they are not, or JavaScript does not run, it stays.
import accessibleAutocomplete from 'accessible-autocomplete'

const MOST = 8

/** What is compared of a name: no accents, no case, no punctuation, the words that people write in several ways in one. */
function fold (text) {
  return text.normalize('NFKD').replace(/[\u0300-\u036f'’‘`]/g, '').toLowerCase().replace(/[^a-z0-9]+/g, ' ')
    .replace(/\b(uni|univ)\b/g, 'university').replace(/\bst\b/g, 'saint').replace(/\b(the|of|at|and)\b/g, ' ')
    .trim().split(/\s+/).filter(Boolean)
}

/** The names that have every word that was typed, those that begin with it first. */
function search (list, typed) {
  const words = fold(typed)
  if (words.length === 0) return []
  const found = list.filter(({ folded }) => words.every((word) => folded.some((other) => other.startsWith(word))))
  const rank = ({ name }) => name.toLowerCase().startsWith(typed.trim().toLowerCase()) ? 0 : 1
  return found.sort((a, b) => rank(a) - rank(b) || a.name.length - b.name.length).slice(0, MOST).map(({ name }) => name)
}

/** Names come from the register, and the component shows suggestions as HTML. */
function escape (text) {
  const element = document.createElement('span')
  element.textContent = text || ''
  return element.innerHTML
}

function enhance (input, names) {
  const list = names.map((name) => ({ name, folded: fold(name) }))
  const described = (input.getAttribute('aria-describedby') || '').split(' ').filter(Boolean)
    .map((id) => document.getElementById(id).textContent.trim())
  const place = document.createElement('div')
  const hadFocus = document.activeElement === input
  input.replaceWith(place)
  accessibleAutocomplete({
    element: place,
    id: input.id,
    name: input.name,
    defaultValue: input.value,
    minLength: 2,
    confirmOnBlur: false, // a name that is not among the suggestions is allowed
    showNoOptionsFound: false,
    inputClasses: input.className,
    source: (typed, show) => show(search(list, typed)),
    templates: { inputValue: (name) => name || '', suggestion: escape },
    tAssistiveHint: () => [...described, 'When suggestions are available, use up and down arrows to review and enter to select.'].join(' ')
  })
  const enhanced = document.getElementById(input.id)
  // To press a button takes the focus from the input, which closes the menu and moves the button away from under the
  // pointer, so that the press would be lost.
  for (const button of enhanced.form.querySelectorAll('button')) {
    button.addEventListener('mousedown', (event) => event.preventDefault())
  }
  if (hadFocus) {
    enhanced.focus()
    enhanced.setSelectionRange(enhanced.value.length, enhanced.value.length)
  }
  document.body.classList.add('app-suggestions-ready')
}

const input = document.querySelector('[data-suggestions]')
if (input) {
  fetch(input.dataset.suggestions).then((response) => response.json()).then((names) => enhance(input, names), () => {})
}
