package seed

import "time"

// A Comment is one of a ticket's: the first is the request itself.
type Comment struct {
	ByAgent bool
	Public  bool
	Body    string
	At      time.Time
	File    string // the name of an attachment, if it has one
}

// Replies of the agents and of the customer, and notes among agents, in one language.
type replies struct{ agent, customer, note, files []string }

var (
	englishReplies = &replies{
		agent:    []string{"Thank you for writing. We are looking into it and will be back today.", "Could you send us a screenshot of what you see?", "This is mended now. Please try again and tell us if anything is left."},
		customer: []string{"Here is the screenshot you asked for.", "It still happens on two of our machines.", "That worked. Thank you 🙏"},
		note:     []string{"Same as last week's case; asked engineering.", "Customer is up for renewal next month. Please answer today.", "Refund approved by finance."},
		files:    []string{"screenshot.png", "export.csv", "error log.txt"},
	}
	koreanReplies = &replies{
		agent:    []string{"문의해 주셔서 감사합니다. 확인 후 오늘 중으로 다시 연락드리겠습니다.", "화면을 캡처해서 보내 주시겠어요?", "조치를 마쳤습니다. 다시 한번 확인 부탁드립니다."},
		customer: []string{"요청하신 화면 캡처를 보내드립니다.", "아직 두 대의 PC에서 같은 증상이 나타납니다.", "해결되었습니다. 감사합니다 🙏"},
		note:     []string{"지난주 건과 같은 증상입니다. 개발팀에 문의했습니다.", "다음 달 재계약 고객입니다. 오늘 안에 답변 부탁드립니다.", "재무팀에서 환불을 승인했습니다."},
		files:    []string{"화면 캡처.png", "연락처 목록.csv"},
	}
	japaneseReplies = &replies{
		agent:    []string{"お問い合わせありがとうございます。確認のうえ、本日中にご連絡いたします。", "画面のスクリーンショットをお送りいただけますか。", "対応が完了しました。もう一度お試しください。"},
		customer: []string{"ご依頼のスクリーンショットをお送りします。", "まだ二台の端末で同じ症状が出ています。", "解決しました。ありがとうございます 🙏"},
		note:     []string{"先週の件と同じ症状です。開発に確認中。", "来月更新のお客様です。本日中に返信をお願いします。"},
		files:    []string{"スクリーンショット.png", "一覧.csv"},
	}
	arabicReplies = &replies{
		agent:    []string{"شكرًا لتواصلك معنا. نحن نراجع الأمر وسنعود إليك اليوم.", "هل يمكنك إرسال صورة للشاشة؟"},
		customer: []string{"هذه صورة الشاشة التي طلبتموها.", "ما زالت المشكلة تظهر على جهازين."},
		note:     []string{"نفس الحالة التي وردت الأسبوع الماضي؛ تم سؤال الفريق الهندسي."},
		files:    []string{"لقطة الشاشة.png"},
	}
)

func (l *locale) replies() *replies {
	switch l {
	case korean:
		return koreanReplies
	case japanese:
		return japaneseReplies
	case arabic:
		return arabicReplies
	}
	return englishReplies
}

// Comments are those of ticket n, between its creation and its last change: public ones by both sides,
// and notes among agents.
func (s *Seed) Comments(n int) []Comment {
	t := s.Ticket(n)
	d := s.dice(ofComment, n)
	l, _ := s.localeOf(t.Contact / 2)
	said := l.replies()
	all := []Comment{{Public: true, Body: t.Body, At: t.CreatedAt}}
	if t.Status == "new" {
		return all
	}
	count := 1 + d.roll(5)
	for i := range count {
		c := Comment{At: t.CreatedAt.Add(t.UpdatedAt.Sub(t.CreatedAt) * time.Duration(i+1) / time.Duration(count)).Truncate(time.Second)}
		switch {
		case i > 0 && d.percent(30):
			c.ByAgent, c.Body = true, pick(&d, said.note)
		case i%2 == 1:
			c.Public, c.Body = true, pick(&d, said.customer)
			if d.percent(40) {
				c.File = pick(&d, said.files)
			}
		default:
			c.ByAgent, c.Public, c.Body = true, true, pick(&d, said.agent)
		}
		c.Body, c.File = s.poison(ofComment, n+i, c.Body), s.poisonFile(n+i, c.File)
		all = append(all, c)
	}
	return all
}
