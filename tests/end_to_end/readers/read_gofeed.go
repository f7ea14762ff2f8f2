// FILE -> what gofeed (Debian's golang-github-mmcdole-gofeed-dev) reads, in the shape that agree.py describes.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/mmcdole/gofeed"
)

type entry struct {
	ID         string   `json:"id"`
	Title      string   `json:"title"`
	Link       string   `json:"link"`
	Published  *int64   `json:"published"`
	Updated    *int64   `json:"updated"`
	Authors    []string `json:"authors"`
	Content    string   `json:"content"`
	Enclosures [][]any  `json:"enclosures,omitempty"`
}

func seconds(at *time.Time) *int64 {
	if at == nil {
		return nil
	}
	unix := at.Unix()
	return &unix
}

func main() {
	file, err := os.Open(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	feed, err := gofeed.NewParser().Parse(file)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	entries := []entry{}
	for _, item := range feed.Items {
		read := entry{ID: item.GUID, Title: item.Title, Link: item.Link, Published: seconds(item.PublishedParsed),
			Updated: seconds(item.UpdatedParsed), Content: item.Content, Authors: []string{}}
		for _, author := range item.Authors {
			read.Authors = append(read.Authors, author.Name)
		}
		for _, file := range item.Enclosures {
			if feed.FeedType == "json" {
				break // gofeed takes an attachment's duration for its length
			}
			length, _ := strconv.Atoi(file.Length)
			read.Enclosures = append(read.Enclosures, []any{file.URL, file.Type, length})
		}
		entries = append(entries, read)
	}
	json.NewEncoder(os.Stdout).Encode(entries)
}
