listing-plan = ทั้งแผน
listing-some = { $who }มี { $count } ข้อที่{ $what }ค่ะ
listing-none = { $who }ไม่มีข้อที่{ $what }ค่ะ{ $of ->
    [0] {""}
   *[other] {" "}(จาก { $of } ข้อ)
  }
listing-is-not-started = ยังไม่ได้เริ่ม
listing-is-unreported = ยังไม่มีรายงาน
listing-is-in-progress = กำลังดำเนินการ
listing-is-unfinished = ยังไม่เสร็จ
listing-is-done = เสร็จแล้ว
listing-is-delayed = เลื่อนกำหนด
listing-is-cancelled = ยกเลิก
listing-is-no-evidence = รายงานแล้วแต่ยังไม่มีหลักฐาน
listing-is-returned = ถูกส่งคืนให้แก้
listing-is-hindered = ติดปัญหาอุปสรรค
listing-is-month = ทำทุกเดือน
listing-is-quarter = ทำทุกไตรมาส
listing-is-half-year = ทำทุกครึ่งปี
listing-is-year = ทำปีละครั้ง
listing-is-continuous = ทำต่อเนื่องตลอดปี
listing-is-begun-in = เริ่มในช่วง { DAY($start) } - { DAY($end) }
listing-is-beyond = มีกำหนดเกินปีงบประมาณ
listing-is-undated = แผนไม่ได้ระบุระยะเวลา
