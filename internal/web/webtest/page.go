package webtest

import (
	"io"
	"strings"

	"golang.org/x/net/html"
)

// Page is the HTML of a page.
type Page struct{ Root *html.Node }

// ReadPage reads a page.
func ReadPage(body io.Reader) (Page, error) {
	root, err := html.Parse(body)
	return Page{root}, err
}

// All returns the elements with a tag, and an attribute if one is named as name=value.
func (p Page) All(tag, attribute string) []*html.Node {
	var found []*html.Node
	name, value, _ := strings.Cut(attribute, "=")
	for node := range p.Root.Descendants() {
		if node.Type == html.ElementNode && node.Data == tag && (attribute == "" || Attr(node, name) == value) {
			found = append(found, node)
		}
	}
	return found
}

// One returns the text of the first such element, "" if there is none.
func (p Page) One(tag, attribute string) string {
	for _, node := range p.All(tag, attribute) {
		return Text(node)
	}
	return ""
}

// Attr returns an attribute of an element, "" if it has none.
func Attr(node *html.Node, name string) string {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// Text returns the text of an element, with single spaces.
func Text(node *html.Node) string {
	var b strings.Builder
	for n := range node.Descendants() {
		if n.Type == html.TextNode {
			b.WriteString(n.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
