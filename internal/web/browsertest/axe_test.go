//go:build browser

package browsertest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"sync"

	"github.com/chromedp/chromedp"
)

const packages = "../node_modules"

var axe = sync.OnceValues(func() (string, error) {
	source, err := os.ReadFile(filepath.Join(packages, "axe-core", "axe.min.js"))
	return string(source), err
})

// accessible runs every rule of axe-core over the page.
func (p *person) accessible() {
	p.t.Helper()
	source, err := axe()
	if err != nil {
		p.t.Fatalf("axe-core is missing: run `npm ci` in internal/web: %v", err)
	}
	p.allowScript(true) // axe-core's own; the page's has had its chance
	defer p.allowScript(p.window.script)
	evaluate[chromedp.Void](p, source+"; null")
	found := evaluate[string](p, `axe.run(document, {resultTypes: ["violations"]}).then(r => JSON.stringify(
		{rules: r.passes.length, violations: r.violations.map(v => ({id: v.id, impact: v.impact, help: v.help,
			nodes: v.nodes.map(n => n.html + " " + n.failureSummary)}))}))`, chromedp.EvalAwaitPromise)
	var result struct {
		Rules      int
		Violations []struct {
			ID, Impact, Help string
			Nodes            []string
		}
	}
	if err := json.Unmarshal([]byte(found), &result); err != nil {
		p.t.Fatal(err)
	}
	if result.Rules < 10 {
		p.t.Errorf("only %d rules of axe-core had anything to look at", result.Rules)
	}
	for _, v := range result.Violations {
		p.t.Errorf("axe-core: %s (%s): %s\n%q", v.ID, v.Impact, v.Help, v.Nodes)
	}
}
