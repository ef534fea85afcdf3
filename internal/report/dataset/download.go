package dataset

import (
	"bytes"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Damage that often happens to exports when people download them is reported in its own words, so that they can repair
// it.

// copyMark is what browsers and file managers add to the name of a second copy.
var copyMark = regexp.MustCompile(`(?i) ?\(\d+\)| - copy| copy( \d+)?`)

// originalOf returns the name of the file that another is a second copy of by its name, "" if it is not a copy.
func originalOf(name string) string {
	folder, base := path.Split(name)
	original := copyMark.ReplaceAllString(base, "")
	if original == base {
		return ""
	}
	return folder + original
}

// clutter reports whether a file was left by an operating system and does not belong to an export: hidden files, the
// extra folder of a zip made by macOS, Thumbs.db and the like.
func clutter(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if strings.HasPrefix(part, ".") || part == "__MACOSX" {
			return true
		}
	}
	base := path.Base(name)
	return !strings.Contains(base, ".json") && !strings.HasSuffix(base, ".checksum") && !strings.HasSuffix(base, ".zip")
}

// manifestCopies refuses second copies of manifests: which of two is the export's cannot be told.
func manifestCopies(names []string) error {
	for _, name := range names {
		if original := originalOf(name); path.Base(original) == summaryName || path.Base(original) == filesName {
			return refuse(name, "is a second copy of %s: keep each export in a folder of its own, with one of each file.", path.Base(original))
		}
	}
	return nil
}

// zipInstead returns a refusal if there is a zip where an export should be, else nil.
func zipInstead(names []string) error {
	for _, name := range names {
		if strings.HasSuffix(strings.ToLower(name), ".zip") {
			return refuse(name, "is a zip file: unpack it, and remove it from the folder.")
		}
	}
	return nil
}

// checkNames compares the data files in the folder with those that the manifest lists. A file that is not listed
// belongs to another export, or the manifest to another folder.
func checkNames(names []string, export *Export) error {
	listed := map[string]bool{}
	for _, file := range export.Files {
		listed[file.Name] = true
	}
	data := path.Join(export.Folder, "data") + "/"
	for _, name := range names {
		if !strings.HasPrefix(name, data) || listed[name] {
			continue
		}
		packed, original := name+".gz", originalOf(name)
		switch {
		case listed[packed] && slices.Contains(names, packed):
			// Somebody unpacked it to look into it.
		case listed[packed]:
			return refuse(packed, "is missing, but %s is there: it was unpacked on its way, by the browser perhaps. Download it again as it is.", path.Base(name))
		case listed[original] || listed[original+".gz"]:
			return refuse(name, "is a second copy of %s: keep one, under its own name.", path.Base(original))
		case strings.HasSuffix(name, ".json.gz"):
			return refuse(name, "is not listed in %s: it is a file of another export.", filesName)
		}
	}
	return nil
}

// downloadDamage describes what happened to a data file that does not begin as gzip does, "" if that is not known.
func downloadDamage(start []byte) string {
	switch {
	case bytes.HasPrefix(start, []byte("PK\x03\x04")):
		return "is a zip file under the name of a data file: download it again as it is."
	case bytes.HasPrefix(bytes.TrimLeft(start, " \r\n\t"), []byte(`{"Item"`)):
		return "was unpacked on its way, by the browser perhaps: download it again as it is."
	case bytes.HasPrefix(start, []byte("<")):
		return "is a web page under the name of a data file: the download failed; download it again."
	}
	return ""
}

// notAFolder describes a file that was given instead of a folder.
func notAFolder(name string) error {
	if strings.HasSuffix(strings.ToLower(name), ".zip") {
		return refuse(name, "is a zip file: unpack it, and name the folder that this makes.")
	}
	if info, err := os.Stat(name); err == nil && !info.IsDir() {
		return refuse(name, "is a file: name the folder that the export was downloaded to.")
	}
	return nil
}
