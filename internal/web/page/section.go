package page

import "strconv"

// The sections of a page of information are the catalogue's texts under a prefix. The heading of a section is
// <prefix>.<name>, its paragraphs <prefix>.<name>.1 and so on, and the items of the list under them
// <prefix>.<name>.item.1 and so on. The first section of a page is "intro", which has no heading.
const intro = "intro"

// paragraphs returns the paragraphs of a section.
func (f Frame) paragraphs(prefix, section string) []string {
	return f.Numbered(prefix + "." + section + ".")
}

// items returns the items of the list of a section.
func (f Frame) items(prefix, section string) []string {
	return f.Numbered(prefix + "." + section + ".item.")
}

// Numbered returns the texts whose keys are a prefix and 1, 2, 3 and so on.
func (f Frame) Numbered(beginning string) []string {
	var texts []string
	for i := 1; ; i++ {
		text, ok := f.find(beginning + strconv.Itoa(i))
		if !ok {
			return texts
		}
		texts = append(texts, text)
	}
}

// find returns the text of a key, if there is one.
func (f Frame) find(key string) (string, bool) {
	text := f.text(key)
	return text, text != key
}
