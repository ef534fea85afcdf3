// How the validator judges the pages: all that the standard demands, and the recommendations on accessibility.
export default {
  root: true,
  extends: ['html-validate:standard', 'html-validate:a11y'],
  rules: {
    // The Design System's start button is a link with the role of a button, so that people who speak to their
    // computer can call it what it looks like.
    'prefer-native-element': ['error', { exclude: ['button'] }],
    // The Design System gives the fieldset of a date the role that it has anyway: some screen readers announce its
    // error only then.
    'no-redundant-role': 'off'
  }
}
