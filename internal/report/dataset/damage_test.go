package dataset_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"losttrn/internal/report/dataset"
)

func TestEveryKindOfDamageIsRefusedWithTheNameOfTheFile(t *testing.T) {
	lookupFolder := export(dataset.Lookups).Folder()
	for _, c := range []struct {
		name   string
		damage func(t *testing.T, dir string, folder string, files []string)
		file   string // that the sentence begins with; "" is the first data file of the lookups
		says   string
	}{
		{"a data file is missing", func(t *testing.T, _, _ string, files []string) { remove(t, files[0]) }, "", "is missing"},
		{"a data file is cut short", func(t *testing.T, _, _ string, files []string) {
			replace(t, files[0], content(t, files[0])[:40])
		}, "", "is truncated: its compressed data ends after 40 bytes."},
		{"a data file is empty", func(t *testing.T, _, _ string, files []string) { replace(t, files[0], nil) }, "", "is truncated"},
		{"a byte of a data file is another", func(t *testing.T, _, _ string, files []string) {
			body := content(t, files[0])
			body[len(body)/2] ^= 4
			replace(t, files[0], body)
		}, "", "is damaged: its MD5"},
		{"a data file is of another export", func(t *testing.T, _, _ string, files []string) {
			replace(t, files[0], zipped(`{"Item":{"email":{"S":"a@example.com"}}}`+"\n"))
		}, "", "is damaged: its MD5"},
		{"two data files have changed places", func(t *testing.T, _, _ string, files []string) {
			first, second := content(t, files[0]), content(t, files[1])
			replace(t, files[0], second)
			replace(t, files[1], first)
		}, "*", "is damaged: its MD5"},
		{"a data file is no gzip", func(t *testing.T, dir, _ string, files []string) {
			replace(t, files[0], []byte("plain text"))
			mend(t, dir, dataset.Lookups)
		}, "", "is damaged: it is not gzip throughout."},
		{"something follows the gzip", func(t *testing.T, dir, _ string, files []string) {
			replace(t, files[0], append(content(t, files[0]), "more than a header"...))
			mend(t, dir, dataset.Lookups)
		}, "", "is damaged: it is not gzip throughout."},
		{"a line is missing", func(t *testing.T, dir, _ string, files []string) {
			replace(t, files[0], zipped(`{"Item":{}}`+"\n"))
			mend(t, dir, dataset.Lookups)
		}, "", "holds 1 items where manifest-files.json says 2."},
		{"a line is twice", func(t *testing.T, dir, _ string, files []string) {
			replace(t, files[0], zipped(strings.Repeat(`{"Item":{}}`+"\n", 3)))
			mend(t, dir, dataset.Lookups)
		}, "", "holds 3 items where manifest-files.json says 2."},
		{"a line is no JSON", func(t *testing.T, dir, _ string, files []string) {
			replace(t, files[0], zipped(`{"Item":{}}`+"\n"+`{"Item":{}`+"\n"))
			mend(t, dir, dataset.Lookups)
		}, "", "line 2 is not the JSON of an item."},
		{"a line is of an incremental export", func(t *testing.T, dir, _ string, files []string) {
			replace(t, files[0], zipped(`{"Metadata":{},"Keys":{},"NewImage":{}}`+"\n"))
			mend(t, dir, dataset.Lookups)
		}, "", "line 1 holds no item"},
		{"a line is endless", func(t *testing.T, dir, _ string, files []string) {
			replace(t, files[0], zipped(strings.Repeat(" ", dataset.MaxLine+1<<17)))
			mend(t, dir, dataset.Lookups)
		}, "", "has a line longer than 4 MiB"},
		{"a data file that the manifest does not list", func(t *testing.T, _, _ string, files []string) {
			replace(t, filepath.Join(filepath.Dir(files[0]), "stranger.json.gz"), zipped(`{"Item":{}}`+"\n"))
		}, lookupFolder + "/data/stranger.json.gz", "is a file of another export."},
		{"a data file was unpacked", func(t *testing.T, _, _ string, files []string) {
			replace(t, strings.TrimSuffix(files[0], ".gz"), []byte(unzipped(t, files[0])))
			remove(t, files[0])
		}, "", "was unpacked on its way"},
		{"a data file was unpacked under its own name", func(t *testing.T, _, _ string, files []string) {
			replace(t, files[0], []byte(unzipped(t, files[0])))
		}, "", "was unpacked on its way"},
		{"a data file is a zip", func(t *testing.T, _, _ string, files []string) {
			replace(t, files[0], []byte("PK\x03\x04 and more"))
		}, "", "is a zip file under the name of a data file"},
		{"a data file is an error page", func(t *testing.T, _, _ string, files []string) {
			replace(t, files[0], []byte("<!DOCTYPE html><html>"))
		}, "", "is a web page under the name of a data file"},
		{"a data file is there twice", func(t *testing.T, _, _ string, files []string) {
			replace(t, strings.Replace(files[0], ".json.gz", " (1).json.gz", 1), content(t, files[0]))
		}, "copy", "is a second copy of "},
		{"a data file is there as a copy alone", func(t *testing.T, _, _ string, files []string) {
			replace(t, strings.Replace(files[0], ".json.gz", " - Copy.json.gz", 1), content(t, files[0]))
			remove(t, files[0])
		}, "copy", "is a second copy of "},
		{"a manifest is there twice", func(t *testing.T, _, folder string, _ []string) {
			replace(t, filepath.Join(folder, "manifest-summary (1).json"), content(t, filepath.Join(folder, "manifest-summary.json")))
		}, lookupFolder + "/manifest-summary (1).json", "is a second copy of manifest-summary.json"},
		{"a zip stands in the place of an export", func(t *testing.T, dir, folder string, _ []string) {
			if err := os.RemoveAll(folder); err != nil {
				t.Fatal(err)
			}
			replace(t, filepath.Join(dir, "lookups.zip"), []byte("PK"))
		}, "lookups.zip", "is a zip file: unpack it"},
		{"the summary is missing", func(t *testing.T, _, folder string, _ []string) {
			remove(t, filepath.Join(folder, "manifest-summary.json"))
		}, lookupFolder + "/manifest-summary.json", "is missing: the export is not complete."},
		{"the summary is changed", func(t *testing.T, _, folder string, _ []string) {
			edit(t, filepath.Join(folder, "manifest-summary.json"), `"itemCount":5`, `"itemCount":4`)
		}, lookupFolder + "/manifest-summary.json", "is damaged: its MD5 is not the one in manifest-summary.checksum."},
		{"the summary is no JSON", func(t *testing.T, _, folder string, _ []string) {
			manifest(t, filepath.Join(folder, "manifest-summary"), `{`)
		}, lookupFolder + "/manifest-summary.json", "is not the JSON"},
		{"the summary lacks the count", func(t *testing.T, _, folder string, _ []string) {
			editManifest(t, filepath.Join(folder, "manifest-summary"), `"itemCount":5,`, ``)
		}, lookupFolder + "/manifest-summary.json", "lacks one of"},
		{"the export is incremental", func(t *testing.T, _, folder string, _ []string) {
			editManifest(t, filepath.Join(folder, "manifest-summary"), `FULL_EXPORT`, `INCREMENTAL_EXPORT`)
		}, lookupFolder + "/manifest-summary.json", "is of an incremental export"},
		{"the export is in another format", func(t *testing.T, _, folder string, _ []string) {
			editManifest(t, filepath.Join(folder, "manifest-summary"), `DYNAMODB_JSON`, `ION`)
		}, lookupFolder + "/manifest-summary.json", "only DYNAMODB_JSON can be read"},
		{"the export is of a later version", func(t *testing.T, _, folder string, _ []string) {
			editManifest(t, filepath.Join(folder, "manifest-summary"), `2020-06-30`, `2031-01-01`)
		}, lookupFolder + "/manifest-summary.json", "has version"},
		{"the export is of a table of no interest", func(t *testing.T, _, folder string, _ []string) {
			editManifest(t, filepath.Join(folder, "manifest-summary"), `-LookupsTable"`, `-TeachersTable"`)
		}, lookupFolder + "/manifest-summary.json", "is of another table"},
		{"the export is of another moment", func(t *testing.T, _, folder string, _ []string) {
			editManifest(t, filepath.Join(folder, "manifest-summary"), `"exportTime":"2026-11-22T00:00:00`, `"exportTime":"2026-11-22T00:00:01`)
		}, lookupFolder + "/manifest-summary.json", "is of 2026-11-22T00:00:01Z, another moment than 2026-11-22T00:00:00Z"},
		{"the list of files is missing", func(t *testing.T, _, folder string, _ []string) {
			remove(t, filepath.Join(folder, "manifest-files.json"))
		}, lookupFolder + "/manifest-files.json", "is missing"},
		{"the list of files lost a line", func(t *testing.T, _, folder string, _ []string) {
			lines := strings.SplitAfter(string(content(t, filepath.Join(folder, "manifest-files.json"))), "\n")
			manifest(t, filepath.Join(folder, "manifest-files"), strings.Join(lines[1:], ""))
		}, lookupFolder + "/manifest-files.json", "lists files of 3 items in all where manifest-summary.json says 5."},
		{"the list of files lists one twice", func(t *testing.T, _, folder string, _ []string) {
			lines := strings.SplitAfter(string(content(t, filepath.Join(folder, "manifest-files.json"))), "\n")
			manifest(t, filepath.Join(folder, "manifest-files"), lines[0]+lines[0])
		}, lookupFolder + "/manifest-files.json", "twice."},
		{"the list of files is of another export", func(t *testing.T, dir, folder string, _ []string) {
			other := content(t, filepath.Join(dir, export(dataset.Emails).Folder(), "manifest-files.json"))
			manifest(t, filepath.Join(folder, "manifest-files"), string(other))
		}, lookupFolder + "/manifest-files.json", "which is a file of another export."},
		{"the list of files has no MD5", func(t *testing.T, _, folder string, _ []string) {
			editManifest(t, filepath.Join(folder, "manifest-files"), `"md5Checksum":"`, `"md5Checksum":"!`)
		}, lookupFolder + "/manifest-files.json", "has no MD5"},
		{"a table is missing", func(t *testing.T, _, folder string, _ []string) {
			if err := os.RemoveAll(folder); err != nil {
				t.Fatal(err)
			}
		}, "There is no export of the lookups table", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := write(t)
			files := dataFiles(t, dir, dataset.Lookups)
			c.damage(t, dir, filepath.Join(dir, lookupFolder), files)
			_, err := readAll(t, dir)
			var refusal *dataset.Refusal
			if !errors.As(err, &refusal) {
				t.Fatalf("not refused: %v", err)
			}
			names := []string{c.file}
			switch c.file {
			case "":
				names = []string{lookupFolder + "/data/" + filepath.Base(files[0])}
			case "copy":
				name := lookupFolder + "/data/" + strings.TrimSuffix(filepath.Base(files[0]), ".json.gz")
				names = []string{name + " (1).json.gz", name + " - Copy.json.gz"}
			case "*":
				names = []string{lookupFolder + "/data/" + filepath.Base(files[0]), lookupFolder + "/data/" + filepath.Base(files[1])}
			}
			if !slices.ContainsFunc(names, func(name string) bool { return strings.HasPrefix(err.Error(), name) }) ||
				!strings.Contains(err.Error(), c.says) {
				t.Errorf("refused with %q, want %q … %q", err, names, c.says)
			}
		})
	}
}

// TestClutterAndMissingChecksumsRefuseNothing: what operating systems leave in folders is passed over, and manifests
// without their checksums are read with a warning.
func TestClutterAndMissingChecksumsRefuseNothing(t *testing.T) {
	dir := write(t)
	folder := filepath.Join(dir, export(dataset.Lookups).Folder())
	files := dataFiles(t, dir, dataset.Lookups)
	for _, name := range []string{"Thumbs.db", "desktop.ini", ".DS_Store", "notes.txt", "._" + filepath.Base(files[0])} {
		replace(t, filepath.Join(folder, "data", name), []byte("x"))
	}
	replace(t, strings.TrimSuffix(files[0], ".gz"), []byte("unpacked to look into it, beside the original"))
	if err := os.MkdirAll(filepath.Join(dir, "__MACOSX", "AWSDynamoDB", "1", "data"), 0o700); err != nil {
		t.Fatal(err)
	}
	replace(t, filepath.Join(dir, "__MACOSX", "AWSDynamoDB", "1", "data", "x.json.gz"), []byte("x"))
	lines, err := readAll(t, dir)
	if err != nil || len(lines[dataset.Lookups]) != 5 {
		t.Errorf("clutter: %d items, %v", len(lines[dataset.Lookups]), err)
	}
	if warnings := find(t, dir).Warnings; len(warnings) != 0 {
		t.Errorf("warned of %q", warnings)
	}
	remove(t, filepath.Join(folder, "manifest-summary.checksum"))
	remove(t, filepath.Join(folder, "manifest-files.checksum"))
	warnings := find(t, dir).Warnings
	if len(warnings) != 1 || !strings.HasPrefix(warnings[0], "The export of the lookups table came without its checksum files") {
		t.Errorf("warned of %q", warnings)
	}
}

func find(t *testing.T, dir string) *dataset.Set {
	t.Helper()
	source, err := dataset.OpenFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	set, err := dataset.Search{Naming: dataset.ByName(nil)}.Find(t.Context(), source)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// TestAFileInPlaceOfAFolder is named for what it is.
func TestAFileInPlaceOfAFolder(t *testing.T) {
	dir := t.TempDir()
	for name, says := range map[string]string{"export.zip": "is a zip file: unpack it", "x.json.gz": "is a file: name the folder"} {
		file := filepath.Join(dir, name)
		replace(t, file, []byte("PK"))
		if _, err := dataset.OpenFolder(file); err == nil || !strings.HasPrefix(err.Error(), file+" "+says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
