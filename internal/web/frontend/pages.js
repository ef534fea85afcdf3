// Enhances the pages; none needs it. Loaded as a module, so browsers that would not understand it leave it be.
import { Button, CharacterCount, ErrorSummary, Radios, ServiceNavigation, SkipLink, createAll } from 'govuk-frontend'

// The Design System sets these with an inline script, which our content security policy forbids.
document.body.classList.add('js-enabled', 'govuk-frontend-supported')

/** Radios without aria-expanded, which a radio button may not have (WAI-ARIA 1.2). */
class PlainRadios extends Radios {
  syncConditionalRevealWithInputState (input) {
    super.syncConditionalRevealWithInputState(input)
    input.removeAttribute('aria-expanded')
  }
}

createAll(CharacterCount)
createAll(ErrorSummary)
createAll(PlainRadios)
createAll(ServiceNavigation)
createAll(SkipLink)
// A second press of a button within a second is not a second request.
createAll(Button, { preventDoubleClick: true })
