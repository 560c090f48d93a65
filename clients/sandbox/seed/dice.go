package seed

import (
	"math/bits"
	"time"
)

// A kind keeps the chances of one sort of item apart from those of another.
type kind uint64

const (
	ofAccount kind = iota + 1
	ofBlock
	ofName
	ofContact
	ofLead
	ofOpportunity
	ofCase
	ofTicket
	ofComment
)

// Dice give one item its chances, always the same ones.
type dice uint64

func (s *Seed) dice(k kind, n int) dice {
	return dice(mix(s.seed ^ mix(uint64(k)<<48^uint64(n))))
}

func (d *dice) next() uint64 {
	*d += 0x9e3779b97f4a7c15
	return mix(uint64(*d))
}

// roll gives a number from 0 to sides-1.
func (d *dice) roll(sides int) int { return int(d.next()>>33) % sides }

func (d *dice) percent(p int) bool { return d.roll(100) < p }

func pick[T any](d *dice, from []T) T { return from[d.roll(len(from))] }

// mix is the finalizer of SplitMix64.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// shuffled gives the place of i in one fixed shuffling of 0 … size-1: a Feistel network over the
// next power of four, walked until it lands inside.
func shuffled(key uint64, i, size int) int {
	half := (bits.Len(uint(size-1)) + 1) / 2
	mask := uint64(1)<<half - 1
	for {
		left, right := uint64(i)>>half, uint64(i)&mask
		for round := range uint64(3) {
			left, right = right, left^(mix(key+round<<32+right)&mask)
		}
		i = int(left<<half | right)
		if i < size {
			return i
		}
	}
}

const (
	day  = 24 * time.Hour
	year = 365 * day
)

// created is the time of item n of count: the higher the number the younger, as with real ids,
// not to the hour but roughly, over the last years and never within the last hour.
func (s *Seed) created(d *dice, n, count int, over time.Duration) time.Time {
	left := max(count-n, 0)
	back := time.Duration(float64(over) * float64(left) / float64(count+1))
	jitter := time.Duration(d.roll(20*24*60)) * time.Minute
	return s.now.UTC().Add(-time.Hour - back - jitter).Truncate(time.Second)
}

// between is a time from after to now, more often near now.
func (s *Seed) between(d *dice, after time.Time) time.Time {
	room := s.now.Sub(after)
	near := float64(d.roll(1000)) / 1000
	return after.Add(time.Duration(float64(room) * (1 - near*near) * 0.999)).Truncate(time.Second)
}
