// go run read.go FOLDER: what reading all feeds of FOLDER once costs gofeed (Debian's golang-github-mmcdole-gofeed-dev), garbage
// collection included: its CPU time in us and name.
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"github.com/mmcdole/gofeed"
)

func cpuUs() float64 {
	var used syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &used)
	return float64(used.Utime.Nano()+used.Stime.Nano()) / 1e3
}

func main() {
	files, _ := filepath.Glob(filepath.Join(os.Args[1], "*"))
	var documents [][]byte
	for _, file := range files {
		document, err := os.ReadFile(file)
		if err != nil {
			panic(err)
		}
		documents = append(documents, document)
	}
	run := func() (refused int) {
		for _, document := range documents {
			if _, err := gofeed.NewParser().Parse(bytes.NewReader(document)); err != nil {
				refused++
			}
		}
		return refused
	}
	run()
	const rounds = 5
	before := cpuUs()
	refused := 0
	for i := 0; i < rounds; i++ {
		refused = run()
	}
	fmt.Printf("%.1f gofeed, %d refused\n", (cpuUs()-before)/rounds, refused)
}
