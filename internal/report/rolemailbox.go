package report

import "strings"

// roleNames are local parts of addresses that several people read.
var roleNames = map[string]bool{
	"academy": true, "admin": true, "adminoffice": true, "bursar": true, "contact": true, "deputy": true,
	"enquiries": true, "finance": true, "head": true, "headteacher": true, "hr": true, "ht": true, "info": true,
	"office": true, "pa": true, "principal": true, "reception": true, "school": true, "schooloffice": true,
	"secretary": true,
}

// separators removes the separators between the words of a local part.
var separators = strings.NewReplacer(".", "", "-", "", "_", "")

// roleMailbox reports whether an address belongs to a role and not to a person. Separators and a number at the end
// are passed over in the longer names (head.teacher, office2), but not in the short ones: p.a may be somebody's
// initials.
func roleMailbox(email string) bool {
	at := strings.LastIndexByte(email, '@')
	local := strings.ToLower(email[:max(at, 0)])
	if roleNames[local] {
		return true
	}
	plain := strings.TrimRight(separators.Replace(local), "0123456789")
	return len(plain) >= len("head") && roleNames[plain]
}
