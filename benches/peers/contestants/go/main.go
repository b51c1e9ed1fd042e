// Go's standard library: `go-peer list|ndjson ORIGIN`, `go-peer people ORIGIN COUNT IN_FLIGHT`.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
)

type profile struct {
	ID             string  `json:"id"`
	Name           string  `json:"name"`
	Platform       string  `json:"platform"`
	Status         string  `json:"status"`
	ProfileGroupID string  `json:"profile_group_id"`
	ExpiresAt      *string `json:"expires_at"`
	PostCount      uint64  `json:"post_count"`
	AvatarURL      *string `json:"avatar_url"`
}

// What of a person is looked at; the decoder skips the rest, which favours it.
type person struct {
	PublicIdentifier string `json:"public_identifier"`
	FirstName        string `json:"first_name"`
	LastName         string `json:"last_name"`
	Headline         string `json:"headline"`
	FollowerCount    uint64 `json:"follower_count"`
}

func main() {
	arguments, isChecked := []string{}, false
	for _, argument := range os.Args[1:] {
		if argument == "--check" {
			isChecked = true
		} else {
			arguments = append(arguments, argument)
		}
	}
	told := map[string]any{}
	switch arguments[0] {
	case "list", "ndjson":
		rows := list(arguments[1])
		told["rows"] = len(rows)
		if arguments[0] == "ndjson" {
			output := bufio.NewWriter(os.Stdout)
			encoder := json.NewEncoder(output)
			for _, row := range rows {
				must(encoder.Encode(row))
			}
			must(output.Flush())
		}
		if isChecked {
			active := 0
			for _, row := range rows {
				if row.Status == "active" {
					active++
				}
			}
			told["active"] = active
		}
	case "people":
		told["rows"] = people(arguments[1], number(arguments[2]), number(arguments[3]))
	}
	line, err := json.Marshal(told)
	must(err)
	fmt.Fprintln(os.Stderr, string(line))
}

func list(origin string) []profile {
	var answer struct {
		Data []profile `json:"data"`
	}
	must(json.Unmarshal(get(http.DefaultClient, origin+"/api/profiles"), &answer))
	return answer.Data
}

func people(origin string, count, inFlight int) int64 {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: inFlight, MaxConnsPerHost: inFlight}}
	var next, found atomic.Int64
	var workers sync.WaitGroup
	for worker := 0; worker < inFlight; worker++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for number := next.Add(1) - 1; number < int64(count); number = next.Add(1) - 1 {
				identifier := fmt.Sprintf("person-%d", number)
				var someone person
				must(json.Unmarshal(get(client, origin+"/api/v1/users/"+identifier+"?account_id=key"), &someone))
				if someone.PublicIdentifier == identifier {
					found.Add(1)
				}
			}
		}()
	}
	workers.Wait()
	return found.Load()
}

func get(client *http.Client, url string) []byte {
	request, err := http.NewRequest(http.MethodGet, url, nil)
	must(err)
	request.Header.Set("Authorization", "Bearer key")
	answer, err := client.Do(request)
	must(err)
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		must(fmt.Errorf("%s", answer.Status))
	}
	body, err := io.ReadAll(answer.Body)
	must(err)
	return body
}

func number(text string) int {
	parsed, err := strconv.Atoi(text)
	must(err)
	return parsed
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
