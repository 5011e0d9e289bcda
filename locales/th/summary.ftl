summary-no-plan = ยังไม่มีแผนที่เปิดใช้ จึงยังสรุปไม่ได้ค่ะ ฝ่ายเลขานุการนำเข้าแผนได้โดยส่งไฟล์ Excel ในแชตส่วนตัวนะคะ
summary-not-yet = ช่วงที่ถามเริ่ม { DAY($day) } ยังมาไม่ถึงค่ะ ลองถามสัปดาห์นี้หรือเดือนนี้ดูนะคะ
summary-title = สรุปมาตรการปีงบประมาณ { $year }
summary-covers = { DAY($start) } - { DAY($end) } · ข้อมูล ณ { DAY($today) }
summary-headline = { $told } { $late }ค่ะ
summary-told = มีรายงาน { $count } เรื่องจาก { $units } หน่วยงาน
summary-told-week = { $told } (สัปดาห์ก่อน { $before } เรื่อง)
summary-nobody = ยังไม่มีหน่วยใดรายงานในช่วงนี้
summary-late = มีเรื่องเลยกำหนด { $count } เรื่อง
summary-no-late = ไม่มีเรื่องเลยกำหนด
summary-counts = สถานะมาตรการ { $count } ข้อ
summary-count = { $count } ข้อ
summary-count-done = ดำเนินการแล้วเสร็จ
summary-count-in_progress = อยู่ระหว่างดำเนินการ
summary-count-not_started = ยังไม่ได้ดำเนินการ
summary-count-cancelled = ยกเลิก
summary-changes = ความเคลื่อนไหวในช่วงนี้
summary-nothing = ไม่มีรายการ
summary-overdue = เรื่องที่เลยกำหนด
summary-unit-codes = { $unit } ข้อ { $codes }{ $more ->
    [0] { "" }
   *[other] {" "}และอีก { $more } ข้อ
}
summary-since = ตั้งแต่ { DAY($day) }
summary-coming = เรื่องที่ครบกำหนดใน 14 วัน
summary-none-coming = ไม่มีเรื่องครบกำหนดใน 14 วันนี้
summary-on = { DAY($day) } (เหลือ { $days } วัน)
summary-of = { $measure } · { $units }
summary-names = { $names }
summary-many-units = { $count } หน่วยงาน
summary-silent = หน่วยงานที่ยังไม่เคยรายงาน { $count } หน่วยงาน
summary-bare = รายงานว่าแล้วเสร็จแต่ยังไม่มีหลักฐาน { $count } ข้อ
summary-topics = ความก้าวหน้ารายประเด็น (นับทุกงวดของทุกหน่วยงาน)
summary-topic = { $no }. { $title }
summary-share = เสร็จ { $done }/{ $count }
summary-share-late = เสร็จ { $done }/{ $count } · เลยกำหนด { $late }
summary-more = และอีก { $count } รายการ
summary-choice-units = ดูแยกหน่วยงาน
summary-choice-late = ดูที่เลยกำหนด
summary-units = ความก้าวหน้ารายหน่วยงาน
summary-units-headline = ความก้าวหน้าของ { $count } หน่วยงานค่ะ
summary-as-of = ณ { DAY($day) }
summary-title-of = { $title } · { $of }
summary-prose-none = ระหว่างวันที่ { DAY($start, "long") } ถึงวันที่ { DAY($end, "long") } ยังไม่มีหน่วยงานใดรายงานความก้าวหน้า
summary-prose-told = ระหว่างวันที่ { DAY($start, "long") } ถึงวันที่ { DAY($end, "long") } มีรายงานความก้าวหน้า { $count } เรื่อง จาก { $units } หน่วยงาน{ $before ->
    [-1] {""}
   *[other] {" "}(สัปดาห์ก่อน { $before } เรื่อง)
}
summary-prose-stands = จากมาตรการทั้งหมด { $count } ข้อ ดำเนินการแล้วเสร็จ { $done } ข้อ อยู่ระหว่างดำเนินการ { $begun } ข้อ และยังไม่ได้ดำเนินการ { $waiting } ข้อ
summary-prose-no-late = ไม่มีเรื่องที่เลยกำหนด
summary-prose-late = มีเรื่องเลยกำหนดที่ควรเร่งรัด { $count } เรื่อง ได้แก่ { $units }{ $more ->
    [0] {""}
   *[other] {" "}และอีก { $more } หน่วยงาน
}
summary-prose-unit = { $unit } (ข้อ { $codes })
summary-prose-coming = ภายใน 14 วันข้างหน้ามีเรื่องครบกำหนด { $count } เรื่อง เรื่องแรกคือข้อ { $measure } ครบกำหนดวันที่ { DAY($day, "long") }
summary-prose-silent = หน่วยงานที่ยังไม่เคยรายงานมี { $count } หน่วยงาน ได้แก่ { $names }{ $more ->
    [0] {""}
   *[other] {" "}และอีก { $more } หน่วยงาน
}
summary-prose-and = { $first } และ{ $last }
