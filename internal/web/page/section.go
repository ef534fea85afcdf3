package page

import "strconv"

// Section is a part of a page of information. Its heading is <prefix>.<Name>, its paragraphs <prefix>.<Name>.1 and
// so on, and the items of the list under them <prefix>.<Name>.item.1 and so on. The first section of a page has no
// name and no heading.
type Section struct {
	Name              string
	Paragraphs, Items int
}

func (s Section) paragraphs(f Frame, prefix string) []string {
	return s.texts(f, prefix, "", s.Paragraphs)
}

func (s Section) items(f Frame, prefix string) []string {
	return s.texts(f, prefix, "item.", s.Items)
}

func (s Section) texts(f Frame, prefix, kind string, count int) []string {
	name := s.Name
	if name == "" {
		name = "intro"
	}
	texts := make([]string, count)
	for i := range texts {
		texts[i] = f.text(prefix+"."+name+"."+kind+strconv.Itoa(i+1), "contact", f.text("contact.email"))
	}
	return texts
}
